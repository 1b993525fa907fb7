import Training

/// What training tells while it goes on.
public enum TrainingProgress: Hashable, Sendable {
  /// Some steps of an epoch are done.
  case steps(Steps)
  /// An epoch is done and judged.
  case epoch(Epoch)

  /// What of a trainer's events a program is told; the others are about files.
  init?(_ event: TrainingEvent) {
    switch event {
    case .progress(let done):
      self = .steps(
        Steps(
          epoch: done.epoch, fraction: done.fraction, loss: done.loss,
          examplesPerSecond: done.examplesPerSecond, secondsLeft: done.secondsLeft))
    case .epoch(let report): self = .epoch(Epoch(report))
    case .checkpoint, .fault, .pictures, .step, .finished: return nil
    }
  }

  /// How far an epoch has come.
  public struct Steps: Hashable, Sendable {
    /// Counted from 1.
    public let epoch: Int
    /// How much of the epoch is done, 0 to 1.
    public let fraction: Double
    /// The mean over the epoch so far.
    public let loss: Double
    /// Trained, in the epoch so far.
    public let examplesPerSecond: Double
    /// For the whole run, at the speed so far.
    public let secondsLeft: Double
  }
}

/// An epoch of training: a line of `metrics.jsonl`.
public struct Epoch: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Means over the epoch's examples, as the weights changed.
  public let training: Losses
  /// Of the validation data, after the epoch; `nil` where nothing validates.
  public let validation: Losses?
  /// Trained, without the time that validation takes.
  public let examplesPerSecond: Double

  init(_ report: EpochReport) {
    epoch = report.epoch
    training = Losses(report.training)
    validation = report.validation.map(Losses.init)
    examplesPerSecond = report.samplesPerSecond
  }
}

/// A loss and what it is made of.
public struct Losses: Hashable, Sendable {
  /// What is minimised.
  public let loss: Double
  /// The terms that add up to it, such as `reconstruction` and `kl`, and measures beside it, by name.
  public let parts: [String: Double]

  init(_ report: LossReport) {
    loss = report.loss
    parts = Dictionary(
      (report.parts + report.unweighted + report.phases).map { ($0.name, $0.value) }
    ) { first, _ in first }
  }
}
