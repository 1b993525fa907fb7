import Plans

/// The work of a run in training steps, of which a validation takes as many as its floating point
/// operations say. Pictures and checkpoints do not count.
package struct RunLength: Hashable, Sendable {
  private let epochs: Int
  private let stepsPerEpoch: Int
  /// What a validation takes; 0 if there is none.
  package let stepsOfAValidation: Double

  /// - Parameter ranks: how many share each training step and the batches of a validation.
  package init(_ plans: RunPlans, epochs: Int, ranks: Int = 1) {
    self.epochs = epochs
    stepsPerEpoch = plans.training.batches.stepCount
    func operations(_ steps: RunPlans.Steps) -> Double {
      steps.phases.reduce(0) { $0 + Double($1.full.floatingPointOperations) }
    }
    stepsOfAValidation =
      plans.evaluation.map {
        // The last batch may be smaller.
        let batches = Double($0.batches.exampleCount) / Double($0.batches.batchSize)
        return operations($0) * batches / (Double(ranks) * max(operations(plans.training), 1))
      } ?? 0
  }

  /// The work that is done after so many steps, and validated epochs.
  private func work(_ step: Int, _ epoch: Int) -> Double {
    Double(step) + Double(epoch) * stepsOfAValidation
  }

  /// The time that is left at the speed so far.
  /// - Parameters:
  ///   - seconds: the time from `first` to `now`, which are numbers of steps and of validated epochs.
  package func secondsLeft(
    after seconds: Double, from first: (step: Int, epoch: Int), to now: (step: Int, epoch: Int)
  ) -> Double {
    let before = work(first.step, first.epoch)
    let done = work(now.step, now.epoch)
    return seconds / max(done - before, 1) * (work(epochs * stepsPerEpoch, epochs) - done)
  }
}
