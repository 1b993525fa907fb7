import Reports

/// The evaluation of a model on some examples, as `aegpu evaluate` prints it. A number that does
/// not apply is `nil`, and not in the JSON object.
package struct EvaluationReport: Encodable, Hashable, Sendable {
  package var run: String
  package var data: String
  package var split: String
  package var examples: Int
  /// The loss and its parts, as in training.
  package var losses: [String: Double]
  /// The losses of the phases after the first, if there are some.
  package var phases: [String: Double]?
  /// On the scale of the data.
  package var mse: Double
  /// In decibels, for images.
  package var psnr: Double?
  package var ssim: Double?
  /// Binary cross-entropy of values from 0 to 1.
  package var bceNatsPerPixel: Double?
  package var bceNatsPerImage: Double?
  /// The evidence lower bound of a variational model, in nats: `−(reconstruction + KL)`.
  package var elbo: Double?
  /// The importance-weighted bound on the log-likelihood, in nats, and the number of codes drawn
  /// per example.
  package var logLikelihoodBound: Double?
  package var samples: Int?
  package var activeUnits: Int?
  /// In nats.
  package var klByUnit: [Double]?
  /// For a model with a codebook: its number of vectors, how many of them are used, and the
  /// perplexity.
  package var codes: Int?
  package var usedCodes: Int?
  package var codePerplexity: Double?

  package init(
    run: String, data: String, split: String, examples: Int, losses: [String: Double], mse: Double
  ) {
    self.run = run
    self.data = data
    self.split = split
    self.examples = examples
    self.losses = losses
    self.mse = mse
  }

  /// Adds the quality of the reconstructions; an infinite ratio is left out.
  package mutating func note(_ quality: ReconstructionQuality) {
    mse = quality.meanSquaredError
    psnr = quality.peakSignalToNoise.flatMap { $0.isFinite ? $0 : nil }
    ssim = quality.structuralSimilarity
    bceNatsPerPixel = quality.crossEntropy
    bceNatsPerImage = quality.crossEntropyOfExample
  }

  package mutating func note(_ statistics: LatentStatistics) {
    activeUnits = statistics.activeUnits
    klByUnit = statistics.divergenceByUnit
  }

  package mutating func note(_ usage: CodeUsage) {
    codes = usage.count
    usedCodes = usage.usedCount
    codePerplexity = usage.perplexity
  }

  /// For the user: one line per number, with its description.
  /// - Parameters:
  ///   - convention: the kind of loss.
  ///   - scale: the scale of the squared error, in words.
  ///   - window: the window of the structural similarity, if it is not the usual one.
  package func text(convention: LossConvention, scale: String, window: Int?) -> String {
    var rows = [
      ("run", run), ("data", "\(data), \(split), \(Numbers.grouped(examples)) examples"),
    ]
    rows += numbers(convention: convention, scale: scale, window: window)
    if let klByUnit {
      rows.append(("KL by unit", klByUnit.map(Numbers.loss).joined(separator: " ") + " nats"))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
      .joined(separator: "\n")
  }

  /// Each number with its name and description.
  package func numbers(
    convention: LossConvention, scale: String, window: Int?
  ) -> [(name: String, text: String)] {
    var rows: [(String, String)] = []
    let parts = losses.keys.filter { $0 != "loss" }.sorted()
    if let loss = losses["loss"] { rows.append(("loss", "\(Numbers.loss(loss))  \(convention)")) }
    rows += parts.map { ("  \($0)", Numbers.loss(losses[$0]!)) }
    rows += (phases ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, Numbers.loss($0.value)) }
    rows.append(("MSE", "\(Numbers.loss(mse))  \(scale)"))
    if let psnr { rows.append(("PSNR", "\(Numbers.loss(psnr)) dB")) }
    if let ssim {
      let narrow = window.map { "  window of \($0) pixels, because the images are small" } ?? ""
      rows.append(("SSIM", Numbers.loss(ssim) + narrow))
    }
    if let pixel = bceNatsPerPixel, let image = bceNatsPerImage {
      rows.append(
        (
          "cross-entropy",
          "\(Numbers.loss(pixel)) nats per value, \(Numbers.loss(image)) per example"
        ))
    }
    if let elbo { rows.append(("ELBO", "\(Numbers.loss(elbo)) nats per example")) }
    if let bound = logLikelihoodBound, let samples {
      rows.append(
        ("bound", "\(Numbers.loss(bound)) nats per example, \(Numbers.grouped(samples)) samples"))
    }
    if let activeUnits, let klByUnit {
      rows.append(("active units", "\(activeUnits) of \(klByUnit.count)"))
    }
    if let codes, let usedCodes, let codePerplexity {
      rows.append(("codes used", "\(usedCodes) of \(codes)"))
      rows.append(("perplexity", Numbers.loss(codePerplexity)))
    }
    return rows
  }
}
