import Graphs
import Layers
import Plans

/// Computes outputs of a model for each example (codes, reconstructions, errors), in batches that
/// begin at any example. A value, made without a device.
package struct ViewPlan: Hashable, Sendable {
  package let plan: Plan
  package let feed: Feed
  /// The number of examples in the feed.
  package let count: Int
  package let batchSize: Int
  /// The outputs that are read for each batch, by name.
  package let outputs: [String: TensorID]

  /// The largest batch size; larger batches are not faster.
  package static let largestBatchSize = 1000
  /// The memory that a batch may always use, whatever training needs.
  package static let leastByteCount = 32 << 20

  /// - Parameters:
  ///   - batches: the feed; its batch size is the largest one to use.
  ///   - layout: the layout of weights and state.
  ///   - byteCount: the memory for a batch; a batch of one example is always allowed.
  ///   - outputs: the names of the wanted outputs; those that the step does not have are left out.
  package init(
    _ name: String, _ batches: FeedBatches, _ layout: StoreLayout, byteCount: Int,
    outputs: [String], _ step: (BatchSource) throws -> StepGraph
  ) throws {
    let (size, plan, found) = try Self.fitting(byteCount, from: batches.batchSize) { size in
      let graph = try step(batches.source(batchSize: size, stride: 1))
      let found = graph.outputs.filter { outputs.contains($0.key) }
      let plan = Plan(
        name, graph.graph, outputs: outputs.compactMap { found[$0] },
        parameters: layout.parameters, state: layout.state)
      return (plan, found)
    }
    self.plan = plan
    self.outputs = found
    feed = batches.feed
    count = batches.exampleCount
    batchSize = size
  }

  /// The plan of the largest batch that fits into the memory: this size, half of it, and so on down
  /// to one example, which is always allowed.
  /// - Parameter make: makes a plan for a batch size, with further results.
  static func fitting<Found>(
    _ byteCount: Int, from size: Int, _ make: (Int) throws -> (plan: Plan, found: Found)
  ) rethrows -> (size: Int, plan: Plan, found: Found) {
    var size = min(size, largestBatchSize)
    while true {
      let (plan, found) = try make(size)
      if size == 1 || 4 * plan.arenaCount <= byteCount { return (size, plan, found) }
      size = (size + 1) / 2
    }
  }
}

/// A view that is ready to run.
package final class PreparedView {
  package let view: ViewPlan
  private let executable: any Executable
  private let store: any Store

  init(_ view: ViewPlan, _ executable: any Executable, of store: any Store) {
    self.view = view
    self.executable = executable
    self.store = store
  }

  /// Computes the view for a range of the feed's examples, batch by batch.
  /// - Parameters:
  ///   - start: the number of the feed's first example, from which random draws follow.
  ///   - step: the feed's step at the start of each batch, which determines its random draws.
  ///   - take: receives the examples of a batch and, by name, the values of each output for them,
  ///     example by example. An error that it throws ends the run.
  ///
  /// Afterwards the feed is in the order of its examples, and its counters are undefined.
  package func run(
    _ rows: Range<Int>, from start: Int = 0, step: Int = 0,
    take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= view.count, "the rows must be in the feed")
    var order: [Int32]? = (0..<Int32(view.count)).map(\.self)
    var next = rows.lowerBound
    while next < rows.upperBound {
      // The last batch has the same size: it begins at examples that are already done.
      let first = min(next, view.count - view.batchSize)
      let end = min(first + view.batchSize, rows.upperBound)
      try store.begin(
        view.feed, from: start, at: first, step: step, order: order, schedule: [])
      order = nil
      try executable.run()
      try take(
        next..<end,
        view.outputs.mapValues { output in
          let values = try executable.read(output)
          let size = values.count / view.batchSize
          return values[(next - first) * size..<(end - first) * size].map(Float.init)
        })
      next = end
    }
  }
}
