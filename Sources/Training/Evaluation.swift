import Layers
import Plans

/// Computes the losses of a feed's examples, as they are reported during training.
package final class Evaluation {
  let executables: Executables
  private let session: Session
  private let means: LossMeans

  init(
    _ steps: RunPlans.Steps, _ model: Model, _ parts: [LossPart], in session: Session
  ) throws {
    executables = try Executables(steps, session.prepare)
    self.session = session
    means = LossMeans(model, parts)
  }

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
    try store.begin(batches.feed, step: first, order: nil, schedule: [])
    for row in 0..<batches.stepCount {
      try executables.run(step: row)
      // Otherwise the queue would grow, and stopping would have to wait for it.
      guard row % 8 == 7 else { continue }
      try store.finish()
      if shouldStop() { return nil }
    }
    var means = means
    means.add(
      try store.losses(batches.feed, rows: 0..<batches.stepCount),
      sizes: (0..<batches.stepCount).map(batches.size(ofStep:)))
    return means.report
  }

  /// The first batch of the last run of which some loss is not finite; `nil` if all are finite.
  func firstNonFiniteBatch() throws -> Int? {
    let batches = executables.batches
    return try (0..<batches.stepCount).first { row in
      try !session.store.losses(batches.feed, rows: row..<row + 1).allSatisfy(\.isFinite)
    }
  }
}
