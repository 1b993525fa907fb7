import Datasets
import Layers
import Plans
import Ranks

/// Computes the losses of a feed's examples, as they are reported during training.
package final class Evaluation {
  let executables: Executables
  private let session: Session
  private let means: LossMeans
  private let partCount: Int
  /// The ranks that share the batches.
  private let ranks: RankGroup?
  /// The examples, if they are stored, and what reads them.
  private let stored: (examples: Examples, stream: ExampleStream)?
  /// How many of the first examples are in the first places of the feed's memory, if they are stored.
  private var shownCount = 0
  /// The losses of the last run, row by row.
  private var log: [Double] = []

  /// - Parameter examples: the feed's; `nil` if they are in memory.
  init(
    _ steps: RunPlans.Steps, _ model: Model, _ parts: [LossPart], _ examples: Examples? = nil,
    in session: Session, with ranks: RankGroup? = nil
  ) throws {
    self.ranks = ranks
    stored = examples.flatMap { examples in
      ExampleStream(
        examples, steps.batches, seed: 0, shuffles: false, labelled: model.classes != nil,
        into: session.store
      ).map { (examples, $0) }
    }
    executables = try Executables(steps, session.prepare)
    self.session = session
    means = LossMeans(model, parts)
    partCount = parts.count
  }

  /// Steps after which it is looked whether to stop.
  package static let stepsBetweenLooks = 8
  package var stepCount: Int { executables.batches.stepCount }

  /// Evaluates all examples. The noise of a variational model is the same each time, so that
  /// results differ only by the weights.
  /// - Parameters:
  ///   - first: the numbers of the first batch and example, from which their noise follows.
  ///   - shouldStop: checked from time to time.
  /// - Returns: `nil` if it was stopped.
  package func run(
    from first: (step: Int, example: Int) = (0, 0), shouldStop: () -> Bool = { false }
  ) throws -> LossReport? {
    let batches = executables.batches
    let store = session.store
    // All ranks know it, or none.
    if let ranks, ranks.stops { return nil }
    let own = ranks?.place.part(of: batches.stepCount) ?? 0..<batches.stepCount
    log = []
    var done = own.lowerBound
    while done < own.upperBound {
      let section = try begin(at: done, first)
      for row in done..<min(section.upperBound, own.upperBound) {
        try executables.run(step: row)
        done += 1
        // Otherwise the queue would grow, and stopping would have to wait for it.
        guard (row + 1) % Self.stepsBetweenLooks == 0 else { continue }
        try store.finish()
        if ranks == nil, shouldStop() { return nil }
      }
      let before = own.lowerBound + log.count / partCount
      log += try store.losses(
        batches.feed, rows: before - section.lowerBound..<done - section.lowerBound)
    }
    if let ranks {
      func zeros(_ rows: Int) -> [Double] { [Double](repeating: 0, count: rows * partCount) }
      log = ranks.complete(
        zeros(own.lowerBound) + log + zeros(batches.stepCount - own.upperBound))
    }
    var means = means
    means.add(log, sizes: (0..<batches.stepCount).map(batches.size(ofStep:)))
    return means.report
  }

  /// Begins with a batch.
  /// - Returns: the batches whose examples are in memory, where losses are counted from the first.
  private func begin(
    at row: Int, _ first: (step: Int, example: Int)
  ) throws -> Range<Int> {
    let batches = executables.batches
    var (steps, order) = (0..<batches.stepCount, [Int32]?.none)
    if let stored {
      shownCount = 0
      (steps, order) = try stored.stream.section(ofEpoch: 0, step: row, goesOn: false)
    }
    try session.store.begin(
      batches.feed, from: first.example + steps.lowerBound * batches.batchSize,
      at: row - steps.lowerBound, step: first.step + row, order: order, schedule: [])
    return steps
  }

  /// Waits for what is being read.
  func finish() { stored?.stream.finish() }

  /// Brings the first examples to the first places of the feed's memory, where they are unless the
  /// examples are stored.
  /// - Parameter count: no more than there are, and than the memory has.
  func show(_ count: Int) throws {
    guard let stored, count > shownCount else { return }
    stored.stream.forget()
    try session.fill(executables.batches.feed, with: stored.examples.prefix(count))
    shownCount = count
  }

  /// The first batch of the last run of which some loss is not finite; `nil` if all are finite.
  func firstNonFiniteBatch() -> Int? {
    let count = executables.batches.stepCount
    return (0..<count).first { row in
      !log[row * partCount..<(row + 1) * partCount].allSatisfy(\.isFinite)
    }
  }
}
