import Datasets
import Training

/// Searches for anomalies among examples by the reconstruction error of a model.
package struct AnomalySearch {
  /// The name of the anomalous label, and which examples or rows of a series have it.
  package typealias Wanted = (name: String, isAnomalous: [Bool])

  private let model: TrainedModel
  private let subject: Subject
  private let shown: Examples
  private let training: Examples?
  private let rule: AnomalyThreshold
  private let measure: ErrorMeasure

  /// - Parameters:
  /// - model: a model with the feeds `.validation` (of `shown`) and `.training` (of `training`).
  /// - training: for the threshold, if the rule needs it, and for PCA if there are labels.
  package init(
    _ model: TrainedModel, _ subject: Subject, shown: Examples, training: Examples?,
    _ rule: AnomalyThreshold, _ measure: ErrorMeasure
  ) {
    (self.model, self.subject, self.shown) = (model, subject, shown)
    (self.training, self.rule, self.measure) = (training, rule, measure)
  }

  /// - Parameter wanted: the anomalies that the scores should find; `nil` if unknown.
  ///
  /// Throws `AnalysisError.scoresNotFinite`.
  package func examples(
    _ wanted: Wanted?
  ) throws -> (scores: [ExampleScore], report: AnomalyReport) {
    let scores = try model.scores(of: .validation, measure)
    let limit = try rule.value(
      among: model.scores(of: .training, measure, worstCount: 0).map(\.score))
    try Self.expectFinite(scores.map(\.score), limit)
    var report = AnomalyReport(
      subject, examples: scores.count, threshold: limit, rule: rule,
      anomalies: scores.count { $0.score > limit })
    guard let (name, isAnomalous) = wanted else { return (scores, report) }
    report.note(
      AnomalyRanking(scores: scores.map(\.score), isAnomalous: isAnomalous), label: name)
    if scores.allSatisfy({ $0.negativeELBO?.isFinite == true }) {
      report.elbo = AnomalyReport.Ranking(
        AnomalyRanking(scores: scores.map { $0.negativeELBO! }, isAnomalous: isAnomalous))
    }
    if let training,
      let (others, components) = try model.principalScores(training: training, shown: shown)
    {
      report.pca = AnomalyReport.Ranking(
        AnomalyRanking(scores: others, isAnomalous: isAnomalous), components: components)
    }
    return (scores, report)
  }

  /// The same for the rows of a series, whose windows are the examples.
  package func rows(
    _ wanted: Wanted?
  ) throws -> (errors: SeriesErrors, report: AnomalyReport) {
    let errors = try model.seriesErrors(of: .validation, shown, measure)
    // With a given threshold, the training data are not needed.
    let isGiven = if case .score = rule { true } else { false }
    let known = try isGiven ? nil : model.seriesErrors(of: .training, training!, measure)
    let limit = rule.value(among: known!.rowScores.compactMap(\.self))
    let windowLimit = rule.value(among: known!.windowScores)
    let scores = errors.rowScores
    try Self.expectFinite(scores, limit)
    var report = AnomalyReport(
      subject, examples: scores.count { $0 != nil }, threshold: limit, rule: rule,
      anomalies: scores.count { $0 ?? -.infinity > limit })
    report.series = AnomalyReport.Series(errors, threshold: limit, windowThreshold: windowLimit)
    guard let (name, isAnomalous) = wanted else { return (errors, report) }
    // Rows without a score are not ranked.
    let scored = scores.indices.filter { scores[$0] != nil }
    let found = scored.map { isAnomalous[$0] }
    report.note(
      AnomalyRanking(scores: scored.map { scores[$0]! }, isAnomalous: found), label: name)
    if let training,
      let (others, components) = try model.principalSeriesErrors(
        training: training, shown: shown, measure)
    {
      let others = others.rowScores
      report.pca = AnomalyReport.Ranking(
        AnomalyRanking(scores: scored.map { others[$0]! }, isAnomalous: found),
        components: components)
    }
    return (errors, report)
  }

  /// - Parameter scores: the scores of rows; `nil` for a row without a score.
  private static func expectFinite(_ scores: [Double?], _ limit: Double) throws(AnalysisError) {
    if let row = scores.firstIndex(where: { !($0 ?? 0).isFinite }) {
      throw .scoresNotFinite(row: row)
    }
    guard limit.isFinite else { throw .scoresNotFinite(row: nil) }
  }
}
