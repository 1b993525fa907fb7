import Analyses
import Datasets
import Training

extension Autoencoder {
  /// How badly each example is reconstructed: the mean over its features of the squared error, as the
  /// network sees them. Higher is worse.
  ///
  /// - Returns: `[N]`, in the order of the data.
  public func errors(_ data: Dataset) throws(AutoencoderError) -> [Double] {
    try telling {
      try model(shown: shown(data).examples).scores(of: .validation, worstCount: 0).map(\.score)
    }
  }

  /// The losses of examples, as training reports those of its validation.
  public func losses(_ data: Dataset) throws(AutoencoderError) -> Losses {
    try telling { Losses(try model(shown: shown(data).examples).losses()) }
  }

  /// What the model is worth on examples: losses, the quality of reconstructions, what a random code or a
  /// codebook does. A denoising model is evaluated from corrupted examples, as it was trained.
  public func evaluate(_ data: Dataset) throws(AutoencoderError) -> Evaluation {
    try telling { Evaluation(try evaluation(of: shown(data)).report) }
  }

  /// - Returns: the report, the model that was asked, and the window of the structural similarity where it
  ///   is not the usual one.
  package func evaluation(
    of shown: ShownExamples
  ) throws -> (report: EvaluationReport, model: TrainedModel, narrowWindow: Int?) {
    let model = try model(shown: shown.examples)
    let (report, window) = try model.evaluation(
      of: subject(shown), imageShape: shown.imageShape,
      range: shown.examples.imageRange(byteScale: content.recipe.preparation.byteScale))
    let narrow = window.flatMap { $0 < StructuralSimilarity.usualWindow ? $0 : nil }
    return (report, model, narrow)
  }

  /// What a report about examples calls them.
  package func subject(_ shown: ShownExamples) -> Subject {
    Subject(run: content.saved.folder, data: shown.data, split: shown.split.rawValue)
  }
}

/// What a model is worth on some examples. A number without a meaning for the model is `nil`.
public struct Evaluation: Hashable, Sendable {
  /// How many examples it is of.
  public let examples: Int
  /// The loss and the terms that it is made of, by name, as training reports them.
  public let losses: [String: Double]
  /// Mean squared error of values on the scale of the data.
  public let meanSquaredError: Double
  /// Peak signal-to-noise ratio of images, decibels.
  public let peakSignalToNoise: Double?
  /// Of images, −1 to 1. Wang and others, *Image Quality Assessment* (2004).
  public let structuralSimilarity: Double?
  /// Binary cross-entropy of values from 0 to 1, nats a value.
  public let crossEntropy: Double?
  /// Evidence lower bound of a variational model trained on cross-entropy, nats an example.
  public let evidenceLowerBound: Double?
  /// KL divergence of each unit of a variational code from the prior, nats.
  public let divergences: [Double]?
  /// Units of a variational code whose means vary. Burda, Grosse and Salakhutdinov, *Importance Weighted
  /// Autoencoders* (2016).
  public let activeUnits: Int?
  /// How many codes of the codebook the examples use.
  public let usedCodes: Int?

  init(_ report: EvaluationReport) {
    examples = report.examples
    losses = report.losses
    meanSquaredError = report.mse
    peakSignalToNoise = report.psnr
    structuralSimilarity = report.ssim
    crossEntropy = report.bceNatsPerPixel
    evidenceLowerBound = report.elbo
    divergences = report.klByUnit
    activeUnits = report.activeUnits
    usedCodes = report.usedCodes
  }
}
