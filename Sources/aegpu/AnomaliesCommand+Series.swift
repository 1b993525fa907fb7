import Analyses
import Datasets
import Reports
import Training

extension AnomaliesCommand {
  /// Scores the rows of a series by the windows that cover them.
  func findInSeries(_ run: OpenRun, _ shown: ShownExamples) throws {
    let training = try threshold == nil || shown.rowLabels != nil ? run.training().examples : nil
    let model = try run.model(shown: shown.examples, training: training)
    let errors = try model.seriesErrors(of: .validation, shown.examples, error)
    let trained = try threshold == nil ? model.seriesErrors(of: .training, training!, error) : nil
    let limit = rule.value(among: trained!.rowScores.compactMap(\.self))
    let windowLimit = rule.value(among: trained!.windowScores)
    let scores = errors.rowScores
    try Self.expectFinite(scores, limit)
    var report = AnomalyReport(
      run.subject(shown), examples: scores.count { $0 != nil }, threshold: limit, rule: rule,
      anomalies: scores.count { $0 ?? -.infinity > limit })
    report.series = AnomalyReport.Series(errors, threshold: limit, windowThreshold: windowLimit)
    if let (name, isAnomalous) = try anomalous(shown.examples.windows?.rowLabels, shown.labelNames)
    {
      // Where a row has no score there is nothing to rank.
      let scored = scores.indices.filter { scores[$0] != nil }
      let wanted = scored.map { isAnomalous[$0] }
      report.note(
        AnomalyRanking(scores: scored.map { scores[$0]! }, isAnomalous: wanted), label: name)
      if let (others, components) = try model.principalSeriesErrors(
        training: training!, shown: shown.examples, error)
      {
        let others = others.rowScores
        report.pca = AnomalyReport.Ranking(
          AnomalyRanking(scores: scored.map { others[$0]! }, isAnomalous: wanted),
          components: components)
      } else {
        complainOfNoPCA(training!)
      }
    }
    if try !writeObject(report) { try write(report, errors, scores, limit, shown) }
    try draw(report, errors, run, shown)
  }

  private func write(
    _ report: AnomalyReport, _ errors: SeriesErrors, _ scores: [Double?], _ limit: Double,
    _ shown: ShownExamples
  ) throws {
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
        score.map { .integer($0 > limit ? 1 : 0) } ?? .none,
      ]
      if let labels { fields.append(.text(labels[row])) }
      let worst = score == nil ? [] : errors.worstColumns(ofRow: row)
      fields.append(.text(worst.map { names[$0] }.joined(separator: ";")))
      try table.write(fields)
    }
    try table.finish()
    try tell(report)
  }

  /// Draws the series with what was found: into the run's images, unless another place is named.
  private func draw(
    _ report: AnomalyReport, _ errors: SeriesErrors, _ run: OpenRun, _ shown: ShownExamples
  ) throws {
    let scores = errors.rowScores
    let ranges = AnomalousRange.all(
      in: scores, above: report.threshold, stretches: errors.windows.stretches)
    let columns = shown.columnNames
    let seen = FeatureScaling().applyOnce(to: shown.examples)
    // Several columns have room on one axis as the network sees them.
    let values =
      columns.count == 1
      ? shown.scaling?.restored(seen) ?? seen.map(Double.init) : seen.map(Double.init)
    let drawing = SeriesPlot(
      title: "\(shown.text): rows that score above \(Numbers.loss(report.threshold))",
      columns: columns, values: values, scores: scores, threshold: report.threshold,
      ranges: ranges.map { $0.first...$0.last })
    let base = plot.map { $0.hasSuffix(".png") ? String($0.dropLast(4)) : $0 }
    do {
      switch try drawing.write(to: base ?? run.path + "/images/anomalies") {
      case .drawn(_, let png): Program.note("the series and its scores", in: png)
      case let outcome: Program.complain(outcome.note!)
      }
    } catch {
      // A run's folder may be read only; what was asked for by name is missed.
      guard base == nil else { throw error }
      Program.complain("anomalies: no picture: \(error)")
    }
  }
}

extension ShownExamples {
  /// What the columns of a series are called.
  fileprivate var columnNames: [String] {
    featureNames ?? (0..<examples.rowSize).map { "feature\($0)" }
  }
}
