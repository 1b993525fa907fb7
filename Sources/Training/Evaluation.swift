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
  /// The losses of the last run, row by row.
  private var log: [Double] = []

  init(
    _ steps: RunPlans.Steps, _ model: Model, _ parts: [LossPart], in session: Session,
    with ranks: RankGroup? = nil
  ) throws {
    self.ranks = ranks
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
  ///   - first: the number of the first batch, from which its noise follows.
  ///   - shouldStop: checked from time to time.
  /// - Returns: `nil` if it was stopped.
  package func run(
    fromStep first: Int = 0, shouldStop: () -> Bool = { false }
  ) throws -> LossReport? {
    let batches = executables.batches
    let store = session.store
    // All ranks know it, or none.
    if let ranks, ranks.stops { return nil }
    let own = ranks?.place.part(of: batches.stepCount) ?? 0..<batches.stepCount
    try store.begin(
      batches.feed, at: own.lowerBound, step: first + own.lowerBound, order: nil, schedule: [])
    for row in own {
      try executables.run(step: row)
      // Otherwise the queue would grow, and stopping would have to wait for it.
      guard (row + 1) % Self.stepsBetweenLooks == 0 else { continue }
      try store.finish()
      if ranks == nil, shouldStop() { return nil }
    }
    log = try store.losses(batches.feed, rows: own)
    if let ranks {
      func zeros(_ rows: Int) -> [Double] { [Double](repeating: 0, count: rows * partCount) }
      log = ranks.complete(
        zeros(own.lowerBound) + log + zeros(batches.stepCount - own.upperBound))
    }
    var means = means
    means.add(log, sizes: (0..<batches.stepCount).map(batches.size(ofStep:)))
    return means.report
  }

  /// The first batch of the last run of which some loss is not finite; `nil` if all are finite.
  func firstNonFiniteBatch() -> Int? {
    let count = executables.batches.stepCount
    return (0..<count).first { row in
      !log[row * partCount..<(row + 1) * partCount].allSatisfy(\.isFinite)
    }
  }
}
