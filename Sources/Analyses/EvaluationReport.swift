import Reports

/// What a model is worth on some examples: what `aegpu evaluate` says. A number without a meaning
/// there is `nil`, and no key of the JSON object.
package struct EvaluationReport: Encodable, Hashable, Sendable {
  package var run: String
  package var data: String
  package var split: String
  package var examples: Int
  /// The loss and its parts, as training reports them.
  package var losses: [String: Double]
  /// What the phases after the first minimise, where there are some.
  package var phases: [String: Double]?
  /// Of values as a person looks at them.
  package var mse: Double
  /// In decibels, of images.
  package var psnr: Double?
  package var ssim: Double?
  /// Binary cross-entropy of values in 0…1.
  package var bceNatsPerPixel: Double?
  package var bceNatsPerImage: Double?
  /// The evidence lower bound of a variational model, in nats: `−(reconstruction + KL)`.
  package var elbo: Double?
  /// The importance-weighted bound on the log-likelihood, in nats, and how many codes were drawn
  /// for each example.
  package var logLikelihoodBound: Double?
  package var samples: Int?
  package var activeUnits: Int?
  /// In nats.
  package var klByUnit: [Double]?
  /// Of a model with a codebook: how many codes there are, how many of them the examples use, and the
  /// perplexity of their shares.
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

  /// Takes over what is known of the reconstructions; a ratio that is infinite is left out.
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

  /// For a person: a line to each number, with what it is of.
  /// - Parameters:
  ///   - convention: of the loss.
  ///   - scale: what the values are that the squared error is of.
  ///   - window: of the structural similarity, where it is not the usual one.
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

  /// Each number by its name, with its unit and what it is of.
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
      let narrow = window.map { "  window of \($0) pixels, as the images are small" } ?? ""
      rows.append(("SSIM", Numbers.loss(ssim) + narrow))
    }
    if let pixel = bceNatsPerPixel, let image = bceNatsPerImage {
      rows.append(
        ("cross-entropy", "\(Numbers.loss(pixel)) nats a value, \(Numbers.loss(image)) an example"))
    }
    if let elbo { rows.append(("ELBO", "\(Numbers.loss(elbo)) nats an example")) }
    if let bound = logLikelihoodBound, let samples {
      rows.append(
        ("bound", "\(Numbers.loss(bound)) nats an example, \(Numbers.grouped(samples)) samples"))
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
