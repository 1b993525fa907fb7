import Analyses
import Datasets
import Training

extension Autoencoder {
  /// Scores examples by their reconstruction error, and finds those above a threshold that comes
  /// from the scores of other examples.
  ///
  /// - Parameters:
  ///   - data: examples of `exampleShape`.
  ///   - training: the examples whose scores determine the threshold, such as the training
  ///     examples.
  ///   - contamination: the fraction of `training` above the threshold, 0 to 0.5, as in PyOD.
  /// - Throws: if examples have another shape, or a score is not finite.
  public func anomalies(
    in data: Dataset, comparedWith training: Dataset, contamination: Double = 0.1
  ) throws(AutoencoderError) -> Anomalies {
    guard (0...0.5).contains(contamination) else {
      throw AutoencoderError(
        "contamination: expected a fraction from 0 to 0.5, received \(contamination)")
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

  /// - Parameter training: the training examples, for the threshold and for PCA.
  package func search(
    _ shown: ShownExamples, training: Examples?, _ rule: AnomalyThreshold, _ measure: ErrorMeasure
  ) throws -> AnomalySearch {
    AnomalySearch(
      try model(shown: shown.examples, training: training), subject(shown),
      shown: shown.examples, training: training, rule, measure)
  }
}

/// The result of a search for anomalies.
public struct Anomalies: Hashable, Sendable {
  /// For each example, the mean over its features of the squared error, on the scale of the
  /// network's input.
  public let scores: [Double]
  /// The score above which an example is anomalous.
  public let threshold: Double
  /// For each example, the features with the largest errors, in descending order, counted from 0.
  public let worstFeatures: [[Int]]

  /// The examples above the threshold, the highest score first.
  public var rows: [Int] {
    scores.indices.filter { scores[$0] > threshold }.sorted { scores[$0] > scores[$1] }
  }
}
