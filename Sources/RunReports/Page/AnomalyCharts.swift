import Analyses
import Reports

/// Anomalies: the metrics by label, the distribution of the scores, and a series with its ranges.
struct AnomalyCharts {
  private let found: Anomalies
  private let subject: String

  init(_ found: Anomalies, subject: String) { (self.found, self.subject) = (found, subject) }

  var pieces: [HTML] {
    let report = found.report
    let isSeries = found.series != nil
    let things = isSeries ? "rows" : "examples"
    let error = report.series?.error ?? "squared"
    let what =
      isSeries
      ? "A row's score is its mean \(error) error over the windows that contain it, on the scale of the network's input"
      : "A score is the mean squared error of the network's input"
    var pieces: [HTML] = [
      .paragraph(
        "\(what). Above \(Numbers.loss(report.threshold)), \(found.rule), are \(Numbers.grouped(report.anomalies)) of \(Numbers.grouped(report.examples)) \(things): \(subject)."
      )
    ]
    if let ranking { pieces.append(ranking) }
    if let series = found.series { pieces += charts(of: series) }
    pieces.append(.element("div", ["class": "figures"], [histogram]))
    if let series = report.series, !series.ranges.isEmpty { pieces.append(table(series.ranges)) }
    return pieces
  }

  private var ranking: HTML? {
    let report = found.report
    guard let rocAUC = report.rocAUC, let averagePrecision = report.averagePrecision,
      let precisionAtN = report.precisionAtN, let label = report.anomalousLabel
    else { return nil }
    var table = TextTable([
      .text("score"), .number("ROC AUC"), .number("average precision"), .number("precision at n"),
    ])
    func row(_ name: String, _ values: [Double]) { table.append([name] + values.map(Numbers.loss)) }
    row("reconstruction error", [rocAUC, averagePrecision, precisionAtN])
    if let elbo = report.elbo {
      row("−ELBO", [elbo.rocAUC, elbo.averagePrecision, elbo.precisionAtN])
    }
    if let pca = report.pca {
      row(
        "PCA, \(Numbers.counted(pca.components ?? 0, "component"))",
        [pca.rocAUC, pca.averagePrecision, pca.precisionAtN])
    }
    return .table(
      table,
      caption:
        "How well the scores find the label \(label), from 0 to 1 (ROC AUC 0.5 is chance): \(subject)"
    )
  }

  private var histogram: HTML {
    let groups: [HistogramChart.Group]
    if let scores = found.scores {
      groups = [
        .init(name: "other labels", values: scores.others, style: ChartStyle(0)),
        .init(
          name: "label \(found.report.anomalousLabel ?? "")", values: scores.anomalous,
          style: ChartStyle(1)),
      ]
    } else {
      let values = found.allScores.compactMap(\.self)
      groups = [.init(name: "scores", values: values, style: ChartStyle(0))]
    }
    let isSeries = found.series != nil
    var chart = HistogramChart(
      label: "Distribution of the scores",
      axis: "score, mean \(isSeries ? "absolute" : "squared") error", groups: groups)
    chart.limit = .init(name: "threshold", value: found.report.threshold)
    return .figure([chart.html], caption: "Distribution of the scores: \(subject).")
  }

  /// The series above the scores of its rows.
  private func charts(of series: SeriesPlot) -> [HTML] {
    func wide(_ label: String, _ title: String, _ lines: [LineChart.Line]) -> LineChart {
      var chart = LineChart(label: label, axes: ["row", title], lines: lines)
      chart.isWide = true
      chart.shades = series.ranges.map {
        Double($0.lowerBound) - 0.5...Double($0.upperBound) + 0.5
      }
      chart.shadeName = "above the threshold"
      return chart
    }
    let rows = series.scores.indices
    let count = series.columns.count
    let unit = count == 1 ? "value, data's units" : "value, scale of the network's input"
    let values = wide(
      "the series", unit,
      series.columns.indices.prefix(6).map { column in
        LineChart.Line(
          name: series.columns[column],
          points: rows.map { .init(Double($0), series.values[$0 * count + column]) },
          style: ChartStyle(column))
      })
    var scores = wide(
      "the scores of its rows", "score, mean absolute error",
      [
        LineChart.Line(
          name: "score", points: rows.map { .init(Double($0), series.scores[$0] ?? .nan) },
          style: ChartStyle(0))
      ])
    scores.level = .init(name: "threshold", value: series.threshold)
    let more = count > 6 ? " Shown are the first 6 of \(count) columns." : ""
    return [
      .figure(
        [.scrolling(values.html, label: "the series")],
        caption: "The series; rows with scores above the threshold are shaded: \(subject).\(more)"),
      .figure(
        [.scrolling(scores.html, label: "the scores")], caption: "The score of each row."),
    ]
  }

  private func table(_ ranges: [AnomalousRange]) -> HTML {
    let shown = ranges.prefix(20)
    let hasFiles = ranges[0].file != nil
    var table = TextTable(
      [.text("range"), .number("first row"), .number("last row"), .number("peak at row")]
        + [.number("score there")] + (hasFiles ? [.text("file")] : []))
    for (place, range) in shown.enumerated() {
      table.append(
        ["\(place + 1)"] + [range.first, range.last, range.peak].map(Numbers.grouped)
          + [Numbers.loss(range.score)] + [range.file].compactMap(\.self))
    }
    let more =
      ranges.count > shown.count
      ? "; the first \(shown.count) of \(Numbers.grouped(ranges.count))" : ""
    return .table(table, caption: "Ranges of rows above the threshold, rows counted from 0\(more)")
  }
}
