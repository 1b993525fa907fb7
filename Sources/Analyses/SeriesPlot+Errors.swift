import Datasets
import Reports
import Training

extension SeriesPlot {
  /// A series with the rows whose scores are above a threshold. Several columns are drawn on the
  /// scale of the network's input, so that they share an axis.
  package init(_ shown: ShownExamples, _ errors: SeriesErrors, threshold: Double) {
    let scores = errors.rowScores
    let ranges = AnomalousRange.all(
      in: scores, above: threshold, stretches: errors.windows.stretches)
    let columns = shown.columnNames
    let seen = FeatureScaling().applyOnce(to: shown.examples)
    let values =
      columns.count == 1
      ? shown.scaling?.restored(seen) ?? seen.map(Double.init) : seen.map(Double.init)
    self.init(
      title: "\(shown.data), \(shown.split.rawValue): rows with scores above "
        + Numbers.loss(threshold), columns: columns, values: values, scores: scores,
      threshold: threshold, ranges: ranges.map { $0.first...$0.last })
  }
}
