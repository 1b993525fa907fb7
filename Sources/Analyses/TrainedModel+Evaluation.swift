import Graphs
import Layers
import Reports
import Training

extension TrainedModel {
  /// Evaluates the model on its examples: losses, quality of reconstructions, and the use of the
  /// units of a variational code or of the codebook.
  /// - Parameters:
  ///   - subject: the run and data of the report.
  ///   - imageShape: `nil` if the examples are not images.
  ///   - range: the range of pixel values.
  /// - Returns: the report, and the window of the structural similarity.
  package func evaluation(
    of subject: Subject, imageShape: [Int]?, range: ClosedRange<Double>
  ) throws -> (report: EvaluationReport, similarityWindow: Int?) {
    let report = try losses()
    var found = EvaluationReport(
      run: subject.run, data: subject.data, split: subject.split, examples: count(of: .validation),
      losses: Dictionary(
        uniqueKeysWithValues: [("loss", report.loss)] + report.parts.map { ($0.name, $0.value) }),
      mse: 0)
    if !report.phases.isEmpty {
      found.phases = Dictionary(uniqueKeysWithValues: report.phases.map { ($0.name, $0.value) })
    }
    let featureCount = recipe.model.input.count
    var quality = ReconstructionQuality(
      featureCount: featureCount, imageShape: imageShape,
      range: range.upperBound - range.lowerBound)
    try reconstruct(
      isCorrupted: true, outputs: ["original", "reconstruction", "logits", "presence"]
    ) {
      quality.add(
        originals: $1.knownOriginals, reconstructions: $1["reconstruction"]!, logits: $1["logits"])
    }
    found.note(quality)
    if case .variational(let units, _, _, _) = recipe.model.latent {
      var statistics = LatentStatistics(units: units)
      try encode { statistics.add(means: $1["code"]!, logVariances: $1["logVariance"]!) }
      found.note(statistics)
      found.elbo = evidenceLowerBound(of: report)
    }
    if let codebook = recipe.model.codebook {
      var usage = CodeUsage(count: codebook.codes)
      try encode(outputs: ["indices"]) { usage.add($1["indices"]!) }
      found.note(usage)
    }
    return (found, quality.similarityWindow)
  }

  /// The importance-weighted bound on the log-likelihood, mean over the examples in nats:
  /// `log((1/K) Σ p(x|zₖ) p(zₖ) / q(zₖ|x))` for K codes drawn from q. With growing K it increases
  /// from the evidence lower bound to `log p(x)`. Burda, Grosse and Salakhutdinov, *Importance
  /// Weighted Autoencoders* (2016), equation 8.
  ///
  /// The model must be variational and trained on cross-entropy.
  package func logLikelihoodBound(samples: Int) throws -> Double {
    var means = [LogMeanExp](repeating: LogMeanExp(), count: count(of: .validation))
    try logWeights(drawCount: samples) { rows, weights in
      let draws = weights.count / rows.count
      for (place, weight) in weights.enumerated() {
        means[rows.lowerBound + place / draws].add(Double(weight))
      }
    }
    return means.reduce(0) { $0 + $1.value } / Double(means.count)
  }

  /// `−(reconstruction + KL)` in nats per example, independent of the KL weight in training; `nil`
  /// if the reconstruction loss is not a log-likelihood.
  private func evidenceLowerBound(of report: LossReport) -> Double? {
    guard recipe.model.loss.reconstruction != .squaredError else { return nil }
    func part(_ name: String) -> Double? { report.parts.first { $0.name == name }?.value }
    guard let reconstruction = part("reconstruction"), let divergence = part("kl") else {
      return nil
    }
    let values = recipe.model.loss.reduction == .mean ? Double(recipe.model.input.count) : 1
    return -(values * reconstruction + divergence)
  }
}

/// The run and data of a report, as the user named them.
package struct Subject: Hashable, Sendable {
  package let run: String
  package let data: String
  /// `train`, `test` or `all`.
  package let split: String

  package init(run: String, data: String, split: String) {
    self.run = run
    self.data = data
    self.split = split
  }
}
