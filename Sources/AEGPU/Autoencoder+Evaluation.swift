import Analyses
import Datasets
import Training

extension Autoencoder {
  /// The reconstruction error of each example: the mean over its features of the squared error, on
  /// the scale of the network's input. Higher is worse.
  ///
  /// - Returns: `[N]`, in the order of the data.
  public func errors(_ data: Dataset) throws(AutoencoderError) -> [Double] {
    try telling {
      try model(shown: shown(data).examples).scores(of: .validation, worstCount: 0).map(\.score)
    }
  }

  /// The losses of examples, as in the validation during training.
  public func losses(_ data: Dataset) throws(AutoencoderError) -> Losses {
    try telling { Losses(try model(shown: shown(data).examples).losses()) }
  }

  /// Evaluates the model on examples: losses, quality of reconstructions, use of the code or
  /// codebook. A denoising model is evaluated on corrupted examples, as in training.
  public func evaluate(_ data: Dataset) throws(AutoencoderError) -> Evaluation {
    try telling { Evaluation(try evaluation(of: shown(data)).report) }
  }

  /// - Returns: the report, the model, and the window of the structural similarity if it is not the
  ///   usual one.
  package func evaluation(
    of shown: ShownExamples
  ) throws -> (report: EvaluationReport, model: TrainedModel, narrowWindow: Int?) {
    let model = try model(shown: shown.examples)
    var examples = shown.examples
    if shown.imageShape != nil, let stored = examples.stored {
      examples = examples.with(elements: .stored(try stored.ranged()), labels: nil)
    }
    let (report, window) = try model.evaluation(
      of: subject(shown), imageShape: shown.imageShape,
      range: examples.imageRange(byteScale: content.recipe.preparation.byteScale))
    let narrow = window.flatMap { $0 < StructuralSimilarity.usualWindow ? $0 : nil }
    return (report, model, narrow)
  }

  /// The names of run and data in a report.
  package func subject(_ shown: ShownExamples) -> Subject {
    Subject(run: content.saved.folder, data: shown.data, split: shown.split.rawValue)
  }
}

/// The evaluation of a model on some examples. A number that does not apply to the model is `nil`.
public struct Evaluation: Hashable, Sendable {
  /// The number of examples.
  public let examples: Int
  /// The loss and its terms by name, as in training.
  public let losses: [String: Double]
  /// Mean squared error on the scale of the data.
  public let meanSquaredError: Double
  /// Peak signal-to-noise ratio of images, in decibels.
  public let peakSignalToNoise: Double?
  /// Structural similarity of images, −1 to 1. Wang and others, *Image Quality Assessment* (2004).
  public let structuralSimilarity: Double?
  /// Binary cross-entropy of values from 0 to 1, in nats per value.
  public let crossEntropy: Double?
  /// Evidence lower bound of a variational model trained on cross-entropy, in nats per example.
  public let evidenceLowerBound: Double?
  /// KL divergence of each unit of a variational code from the prior, in nats.
  public let divergences: [Double]?
  /// Units of a variational code whose means vary. Burda, Grosse and Salakhutdinov, *Importance Weighted
  /// Autoencoders* (2016).
  public let activeUnits: Int?
  /// The number of codebook vectors that the examples use.
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
