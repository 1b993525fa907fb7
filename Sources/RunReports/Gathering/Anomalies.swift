import Analyses
import Reports
import Training

/// The result of a search for anomalies among the examples.
package struct Anomalies: Hashable, Sendable {
  package var report: AnomalyReport
  /// How the threshold was chosen, in words.
  package var rule: String
  /// Scores of examples with the anomalous label, and of the others; `nil` without labels.
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
  /// The plot of a series.
  package var series: SeriesPlot?
}

extension Asked {
  /// `nil` if there is nothing to search for: no series, and not two labels of which the rarer
  /// would be the anomaly.
  func anomalies() throws -> Anomalies? {
    // The scores of a conditional model depend on the given class, so they are left out.
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
        report: report, rule: "the 90 % quantile of the training examples' scores",
        allScores: scores.map(\.score), isAnomalous: wanted?.isAnomalous)
    }
    let (errors, report) = try search.rows(wanted)
    return Anomalies(
      report: report, rule: "the largest score of the training rows",
      allScores: errors.rowScores, isAnomalous: wanted?.isAnomalous,
      series: SeriesPlot(shown, errors, threshold: report.threshold))
  }
}
