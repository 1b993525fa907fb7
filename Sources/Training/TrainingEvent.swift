import Graphs

/// The events of a training run, in the order in which they happen.
package enum TrainingEvent: Sendable {
  /// Some steps of an epoch are done.
  case progress(Progress)
  /// A single step, every `Trainer.logSteps` steps.
  case step(StepReport)
  /// An epoch and its validation are done.
  case epoch(EpochReport)
  /// Reconstructions and samples, after the epochs in the recipe.
  case pictures(PictureData)
  /// A state to keep: after the epochs in the recipe, when a run is interrupted, and before a step
  /// that diverged.
  case checkpoint(Checkpoint)
  /// A step whose loss or gradient was not finite, or a batch of a validation whose loss was not,
  /// after the checkpoint from before it.
  case fault(RecordedStep)
  /// Training is done.
  case finished(Result)

  /// The result of a run.
  package struct Result: Hashable, Sendable {
    /// Those of the last epoch; with early stopping, of the best epoch.
    package let weights: Weights
    /// The epoch of the weights.
    package let epoch: Int
    /// The number of trained epochs.
    package let epochs: Int
    /// Whether early stopping ended the run.
    package let stoppedEarly: Bool

    package init(weights: Weights, epoch: Int, epochs: Int, stoppedEarly: Bool) {
      self.weights = weights
      self.epoch = epoch
      self.epochs = epochs
      self.stoppedEarly = stoppedEarly
    }
  }

  package struct Progress: Hashable, Sendable {
    /// Counted from 1.
    package let epoch: Int
    package let epochs: Int
    /// The completed fraction of the epoch, 0 to 1.
    package let fraction: Double
    /// The mean over the epoch so far.
    package let loss: Double
    package let examplesPerSecond: Double
    /// For the whole run, at the speed so far.
    package let secondsLeft: Double
  }
}

/// A line of `metrics.jsonl`.
package struct EpochReport: Hashable, Sendable {
  /// Counted from 1.
  package let epoch: Int
  /// Steps since the beginning of the run.
  package let step: Int
  package let training: LossReport
  package let validation: LossReport?
  /// Training examples per second, without the time for validation.
  package let samplesPerSecond: Double
  /// The duration of the epoch, with validation.
  package let seconds: Double
  /// For the rest of the run, at the speed so far.
  package let secondsLeft: Double
}

/// A line of `steps.jsonl`: the loss of one step's batch.
package struct StepReport: Hashable, Sendable {
  /// Counted from 1.
  package let epoch: Int
  /// Counted from 1 over the whole run.
  package let step: Int
  package let loss: LossReport
  /// The learning rate of this step's update.
  package let learningRate: Double
}

/// Images on the scale of the data, `[N, H, W, C]`.
package struct PictureData: Hashable, Sendable {
  package let epoch: Int
  package let imageShape: [Int]
  package let reconstructions: Pairs?
  package let samples: [Float]?

  package struct Pairs: Hashable, Sendable {
    package let originals: [Float]
    package let reconstructions: [Float]
    /// The input of the encoder, if it differs from the originals.
    package let corrupted: [Float]?
  }
}
