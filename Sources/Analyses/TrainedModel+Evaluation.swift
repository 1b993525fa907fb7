import Graphs
import Layers
import Reports
import Training

extension TrainedModel {
  /// Judges the examples that the model was given: losses, the quality of its reconstructions, and
  /// for a variational model what its code does.
  /// - Parameters:
  ///   - subject: what the report is about.
  ///   - imageShape: `nil` where examples are no images.
  ///   - range: that the values of images can lie in.
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
    return (found, quality.similarityWindow)
  }

  /// The importance-weighted bound on the log-likelihood, a mean over the examples in nats:
  /// `log((1/K) Σ p(x|zₖ) p(zₖ) / q(zₖ|x))` of K codes drawn from q. It rises with K towards
  /// `log p(x)`, from the evidence lower bound. Burda, Grosse and Salakhutdinov, *Importance Weighted
  /// Autoencoders* (2016), equation 8.
  ///
  /// The model is variational and trained on cross-entropy.
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

  /// `−(reconstruction + KL)` in nats an example, whatever weight training gives to the divergence;
  /// `nil` where the reconstruction is no log-likelihood.
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

/// What a report is about, in a person's words.
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
