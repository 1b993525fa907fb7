import Graphs

/// What a trainer tells of its run, in the order in which it happens.
package enum TrainingEvent: Sendable {
  /// Some steps of an epoch are done.
  case progress(Progress)
  /// A step by itself, every so many as `Trainer.logSteps` says.
  case step(StepReport)
  /// An epoch is done and judged.
  case epoch(EpochReport)
  /// Reconstructions and samples, after the epochs that the recipe names.
  case pictures(PictureData)
  /// A state to keep: after the epochs that the recipe names, where a run is interrupted, and
  /// before a step that diverged.
  case checkpoint(Checkpoint)
  /// A step whose loss or gradient was not finite, after the checkpoint from before it.
  case fault(RecordedStep)
  /// Training is done.
  case finished(Result)

  /// What a run leaves.
  package struct Result: Hashable, Sendable {
    /// Those of the last epoch; with early stopping, of the best.
    package let weights: Weights
    /// The epoch that they are of.
    package let epoch: Int
    /// Epochs that were trained.
    package let epochs: Int
    /// Whether the recipe would have had more.
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
    /// How much of the epoch is done, 0 to 1.
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
  /// Examples trained a second, without the time that validation takes.
  package let samplesPerSecond: Double
  /// What the epoch took, validation included.
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
  /// Of this step's update.
  package let learningRate: Double
}

/// Images as numbers on the scale on which a person looks at them, `[N, H, W, C]`.
package struct PictureData: Hashable, Sendable {
  package let epoch: Int
  package let imageShape: [Int]
  package let reconstructions: Pairs?
  package let samples: [Float]?

  package struct Pairs: Hashable, Sendable {
    package let originals: [Float]
    package let reconstructions: [Float]
    /// What was encoded, where that is not the originals.
    package let corrupted: [Float]?
  }
}
