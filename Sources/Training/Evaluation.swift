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
  /// - Parameter shouldStop: checked from time to time.
  /// - Returns: `nil` if it was stopped.
  package func run(shouldStop: () -> Bool = { false }) throws -> LossReport? {
    let batches = executables.batches
    let store = session.store
    try store.begin(batches.feed, step: 0, order: nil, schedule: [])
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
}
