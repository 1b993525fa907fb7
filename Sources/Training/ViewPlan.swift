import Graphs
import Layers
import Plans

/// What a model makes of examples one by one, in batches that begin at any of them: codes,
/// reconstructions, errors. A value, made without a device.
package struct ViewPlan: Hashable, Sendable {
  package let plan: Plan
  package let feed: Feed
  /// How many examples the feed has.
  package let count: Int
  package let batchSize: Int
  /// What is read of each batch, by name.
  package let outputs: [String: TensorID]

  /// At most so many examples to a batch: more gain nothing.
  package static let largestBatchSize = 1000
  /// Memory that a batch may take whatever training needs.
  package static let leastByteCount = 32 << 20

  /// - Parameters:
  ///   - batches: the feed; its batch size is the largest that is wanted.
  ///   - layout: where weights and state lie.
  ///   - byteCount: the memory that a batch may take; one example is always taken.
  ///   - outputs: the names of those that are wanted; what the step does not have is left out.
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

  /// The plan of the largest batch whose memory fits: of so many examples, half of them, and so on
  /// down to one, which is taken whatever it needs.
  /// - Parameter make: plans a batch, with what else is to be known of it.
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

  /// Computes the view of a range of the feed's examples, a batch after the other.
  /// - Parameters:
  ///   - step: where the feed's step begins in each batch: the first of the draws that it makes.
  ///   - take: given the examples of a batch and, by name, each output's values for them, an example
  ///     after the other. What it throws ends the run.
  ///
  /// The feed's order is then that of its examples, and its counters are anywhere.
  package func run(
    _ rows: Range<Int>, step: Int = 0, take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= view.count, "rows of the feed")
    var order: [Int32]? = (0..<Int32(view.count)).map(\.self)
    var next = rows.lowerBound
    while next < rows.upperBound {
      // The last batch is as large as the others: it begins among examples that are done.
      let first = min(next, view.count - view.batchSize)
      let end = min(first + view.batchSize, rows.upperBound)
      try store.begin(view.feed, at: first, step: step, order: order, schedule: [])
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
