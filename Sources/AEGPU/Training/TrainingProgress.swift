import Training

/// The events of a training.
public enum TrainingProgress: Hashable, Sendable {
  /// Some steps of an epoch are done.
  case steps(Steps)
  /// An epoch and its validation are done.
  case epoch(Epoch)

  /// The events of a trainer that are for programs; the others are about files.
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

  /// The progress within an epoch.
  public struct Steps: Hashable, Sendable {
    /// Counted from 1.
    public let epoch: Int
    /// The completed fraction of the epoch, 0 to 1.
    public let fraction: Double
    /// The mean over the epoch so far.
    public let loss: Double
    /// In training, in the epoch so far.
    public let examplesPerSecond: Double
    /// For the whole run, at the speed so far.
    public let secondsLeft: Double
  }
}

/// An epoch of training: a line of `metrics.jsonl`.
public struct Epoch: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Means over the epoch's examples, while the weights change.
  public let training: Losses
  /// The losses of the validation data after the epoch; `nil` without validation.
  public let validation: Losses?
  /// In training, without the time for validation.
  public let examplesPerSecond: Double

  init(_ report: EpochReport) {
    epoch = report.epoch
    training = Losses(report.training)
    validation = report.validation.map(Losses.init)
    examplesPerSecond = report.samplesPerSecond
  }
}

/// A loss and its terms.
public struct Losses: Hashable, Sendable {
  /// The training objective.
  public let loss: Double
  /// The terms whose sum it is, such as `reconstruction` and `kl`, and further measures, by name.
  public let parts: [String: Double]

  init(_ report: LossReport) {
    loss = report.loss
    parts = Dictionary(
      (report.parts + report.unweighted + report.phases).map { ($0.name, $0.value) }
    ) { first, _ in first }
  }
}
