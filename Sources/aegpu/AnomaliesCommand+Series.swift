import Analyses
import Datasets
import Reports
import Training

extension AnomaliesCommand {
  /// Scores the rows of a series by the windows that contain them.
  func findInSeries(_ run: OpenRun, _ shown: ShownExamples) throws {
    let training =
      try threshold == nil || shown.rowLabels != nil ? run.autoencoder.training().examples : nil
    let search = try run.autoencoder.search(shown, training: training, rule, error)
    let (errors, report) = try search.rows(
      anomalous(shown.examples.windows?.rowLabels, shown.labelNames))
    complainOfNoPCA(report, training)
    if try !writeObject(report) { try write(report, errors, shown) }
    try draw(report, errors, run, shown)
  }

  private func write(
    _ report: AnomalyReport, _ errors: SeriesErrors, _ shown: ShownExamples
  ) throws {
    let scores = errors.rowScores
    let labels = shown.rowLabels
    let names = shown.columnNames
    let stretches = errors.windows.stretches
    let hasFiles = stretches[0].file != nil
    let table = try CSVWriter(
      output ?? "-",
      columns: (hasFiles ? ["file"] : []) + ["row", "score", "anomalous"]
        + (labels == nil ? [] : ["label"]) + ["worst"])
    for (row, score) in scores.enumerated() {
      let place = stretches.place(of: row)
      var fields: [CSVWriter.Field] = place.file.map { [.text($0)] } ?? []
      fields += [
        .integer(place.row), score.map { .double($0) } ?? .none,
        score.map { .integer($0 > report.threshold ? 1 : 0) } ?? .none,
      ]
      if let labels { fields.append(.text(labels[row])) }
      let worst = score == nil ? [] : errors.worstColumns(ofRow: row)
      fields.append(.text(worst.map { names[$0] }.joined(separator: ";")))
      try table.write(fields)
    }
    try table.finish()
    try tell(report)
  }

  /// Draws the series with its anomalies: to the run's images, unless --plot names a file.
  private func draw(
    _ report: AnomalyReport, _ errors: SeriesErrors, _ run: OpenRun, _ shown: ShownExamples
  ) throws {
    let drawing = SeriesPlot(shown, errors, threshold: report.threshold)
    let base = plot.map { $0.hasSuffix(".png") ? String($0.dropLast(4)) : $0 }
    do {
      switch try drawing.write(to: base ?? run.path + "/images/anomalies") {
      case .drawn(_, let png): Program.note("the series and its scores", in: png)
      case let outcome: Program.complain(outcome.note!)
      }
    } catch {
      // A run folder may be read-only; a failure is an error only for a plot that --plot names.
      guard base == nil else { throw error }
      Program.complain("anomalies: no picture: \(error)")
    }
  }
}
