import Analyses
import Reports
import Training

/// What a search for anomalies among the examples finds.
package struct Anomalies: Hashable, Sendable {
  package var report: AnomalyReport
  /// How the threshold was chosen, in words.
  package var rule: String
  /// Scores of what is anomalous by its label, and of what is not; `nil` without labels.
  package var scores: (anomalous: [Double], others: [Double])? {
    guard let isAnomalous else { return nil }
    var (found, others): ([Double], [Double]) = ([], [])
    for (score, isFound) in zip(allScores, isAnomalous) {
      guard let score else { continue }
      if isFound { found.append(score) } else { others.append(score) }
    }
    return (found, others)
  }
  package var allScores: [Double?]
  package var isAnomalous: [Bool]?
  /// Of a series.
  package var series: SeriesPlot?
}

extension Asked {
  /// `nil` where there is nothing to find: no series, and no two labels of which the rarer would mean
  /// an anomaly.
  func anomalies() throws -> Anomalies? {
    // What a model that reads the class makes of the wrong ones is another question.
    guard recipe.model.classes == nil else { return nil }
    let isSeries = shown.examples.windows != nil
    let labels = isSeries ? shown.examples.windows?.rowLabels : shown.examples.labels
    let wanted = try labels.flatMap {
      try AnomalousLabel.rarer.find(in: $0, names: shown.labelNames)
    }
    guard isSeries || wanted != nil else { return nil }
    let rule = isSeries ? AnomalyThreshold.quantile(1) : .usual
    let search = AnomalySearch(
      model, subject, shown: shown.examples, training: try training.get(), rule,
      isSeries ? .absolute : .squared)
    guard isSeries else {
      let (scores, report) = try search.examples(wanted)
      return Anomalies(
        report: report, rule: "which 90 % of the examples that trained stay below",
        allScores: scores.map(\.score), isAnomalous: wanted?.isAnomalous)
    }
    let (errors, report) = try search.rows(wanted)
    return Anomalies(
      report: report, rule: "the largest score of the rows that trained",
      allScores: errors.rowScores, isAnomalous: wanted?.isAnomalous,
      series: SeriesPlot(shown, errors, threshold: report.threshold))
  }
}
