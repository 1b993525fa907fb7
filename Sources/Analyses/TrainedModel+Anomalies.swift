import Datasets
import Graphs
import Layers
import Reports
import Training

/// The anomaly score of an example.
package struct ExampleScore: Hashable, Sendable {
  /// The mean error of its reconstruction, squared or absolute, on the scale of the network's
  /// input, so that standardised features have equal weight. A higher score is worse.
  package let score: Double
  /// For a variational model that is trained on cross-entropy: `reconstruction + KL` in nats, with
  /// the mean of the code in place of a random draw, so that the score is deterministic.
  package let negativeELBO: Double?
  /// The features with the largest errors, in descending order.
  package let worst: [Int]
}

extension TrainedModel {
  /// Scores a feed's examples, in their order.
  /// - Parameter worstCount: the number of worst features per example.
  package func scores(
    of feed: Feed, _ measure: ErrorMeasure = .squared, worstCount: Int = 3
  ) throws -> [ExampleScore] {
    let featureCount = recipe.model.input.count
    let factor = session.scaling.factor.map { Float($0) }
    let bounds = try negativeBounds(of: feed)
    var scores: [ExampleScore] = []
    try reconstruct(feed, outputs: ["original", "reconstruction", "presence"]) { rows, batch in
      // An offset cancels in the difference.
      func seen(_ values: [Float]) -> [Float] {
        guard !factor.isEmpty else { return values }
        return values.indices.map { values[$0] * factor[$0 % featureCount] }
      }
      let originals = seen(batch.knownOriginals)
      let reconstructions = seen(batch["reconstruction"]!)
      let errors = ExampleErrors.mean(
        measure, originals, reconstructions, featureCount: featureCount)
      for (place, row) in rows.enumerated() {
        let own = place * featureCount..<(place + 1) * featureCount
        scores.append(
          ExampleScore(
            score: errors[place], negativeELBO: bounds?[row],
            worst: WorstFeature.of(originals[own], reconstructions[own], count: worstCount)
              .map(\.index)))
      }
    }
    return scores
  }

  /// `reconstruction + KL` of each example; `nil` if this is not a bound on a log-likelihood.
  private func negativeBounds(of feed: Feed) throws -> [Double]? {
    let model = recipe.model
    guard case .variational(let units, _, _, _) = model.latent,
      model.loss.reconstruction != .squaredError
    else { return nil }
    var bounds: [Double] = []
    try encode(feed) { _, batch in
      let (means, logVariances) = (batch["code"]!, batch["logVariance"]!)
      for start in stride(from: 0, to: means.count, by: units) {
        var one = LatentStatistics(units: units)
        one.add(
          means: Array(means[start..<start + units]),
          logVariances: Array(logVariances[start..<start + units]))
        bounds.append(one.divergenceByUnit.reduce(0, +))
      }
    }
    let features = model.input.count
    let outputs = ["original", "reconstruction", "logits", "presence"]
    try reconstruct(feed, outputs: outputs) { rows, batch in
      let (originals, logits) = (batch.knownOriginals, batch["logits"])
      let entropies =
        logits.map { ExampleErrors.crossEntropy(originals, logits: $0, featureCount: features) }
        ?? ExampleErrors.crossEntropy(
          originals, probabilities: batch["reconstruction"]!, featureCount: features)
      for (place, (row, entropy)) in zip(rows, entropies).enumerated() {
        let own = originals[place * features..<(place + 1) * features]
        bounds[row] += Double(own.count { !$0.isNaN }) * entropy
      }
    }
    return bounds
  }

  /// The same squared error for PCA of the training examples, with as many components as the code
  /// has numbers. If a code is not smaller than an example, half as many components as features are
  /// used, because all of them would have no error. `nil` if there are too few features or
  /// examples, or if some stay in their files. Missing values are replaced by the mean of the
  /// training examples.
  /// - Returns: the scores of `shown`, and the number of components.
  package func principalScores(
    training: Examples, shown: Examples
  ) throws -> (scores: [Double], components: Int)? {
    guard training.stored == nil, shown.stored == nil,
      let components = try principalCount(training)
    else { return nil }
    let scaling = session.scaling.filled(from: training, for: shown)
    let pca = try PCA(
      scaling.apply(to: training), featureCount: training.featureCount, components: components)
    return (pca.errors(of: scaling.apply(to: shown)), components)
  }

  /// The number of components for this comparison; `nil` if there would be none, or at least as
  /// many as examples.
  package func principalCount(_ training: Examples) throws -> Int? {
    let code = try recipe.model.codeShape().count
    let components = code < training.featureCount ? code : training.featureCount / 2
    return components > 0 && components < training.count ? components : nil
  }
}

extension [String: [Float]] {
  /// The originals in the output of `reconstruct`, NaN where a value is missing.
  package var knownOriginals: [Float] {
    guard let presence = self["presence"] else { return self["original"]! }
    return zip(self["original"]!, presence).map { $1 == 0 ? .nan : $0 }
  }
}
