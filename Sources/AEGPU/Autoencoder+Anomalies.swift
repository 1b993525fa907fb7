import Analyses
import Datasets
import Training

extension Autoencoder {
  /// Scores examples by how badly they are reconstructed, and says which lie above a threshold that comes
  /// from the scores of others.
  ///
  /// - Parameters:
  ///   - data: examples of `exampleShape`.
  ///   - training: whose scores make the threshold, such as those that trained.
  ///   - contamination: the share of `training` that lies above it, 0 to 0.5, as in PyOD.
  /// - Throws: where examples are of another shape, or a score is not finite.
  public func anomalies(
    in data: Dataset, comparedWith training: Dataset, contamination: Double = 0.1
  ) throws(AutoencoderError) -> Anomalies {
    guard (0...0.5).contains(contamination) else {
      throw AutoencoderError(
        "contamination: expected a share from 0 to 0.5, received \(contamination)")
    }
    return try telling {
      let (own, others) = try (shown(data), shown(training).examples)
      let search = try search(own, training: others, .contamination(contamination), .squared)
      let (scores, report) = try search.examples(nil)
      return Anomalies(
        scores: scores.map(\.score), threshold: report.threshold, worstFeatures: scores.map(\.worst)
      )
    }
  }

  /// - Parameter training: those that trained, for the threshold and for principal components.
  package func search(
    _ shown: ShownExamples, training: Examples?, _ rule: AnomalyThreshold, _ measure: ErrorMeasure
  ) throws -> AnomalySearch {
    AnomalySearch(
      try model(shown: shown.examples, training: training), subject(shown),
      shown: shown.examples, training: training, rule, measure)
  }
}

/// What a search for anomalies found.
public struct Anomalies: Hashable, Sendable {
  /// Of each example: the mean over its features of the squared error, as the network sees them.
  public let scores: [Double]
  /// The score above which an example is anomalous.
  public let threshold: Double
  /// Of each example the features of the largest errors, the worst first, counted from 0.
  public let worstFeatures: [[Int]]

  /// The examples above the threshold, the highest score first.
  public var rows: [Int] {
    scores.indices.filter { scores[$0] > threshold }.sorted { scores[$0] > scores[$1] }
  }
}
