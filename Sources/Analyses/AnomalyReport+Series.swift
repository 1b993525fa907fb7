import Reports

extension AnomalyReport {
  /// What is found in a series beside its scores; `examples` and `anomalies` then count rows.
  package struct Series: Encodable, Hashable, Sendable {
    /// The same of whole windows, by the same rule.
    package struct Windows: Encodable, Hashable, Sendable {
      package var examples: Int
      package var threshold: Double
      package var anomalies: Int
    }

    /// Rows of the series, those without a score included.
    package var rows: Int
    /// The error of a value: squared or absolute.
    package var error: String
    /// How the errors of the windows that cover a row make its score.
    package var combination = "mean"
    package var ranges: [AnomalousRange]
    package var windows: Windows

    /// - Parameter windowThreshold: the score above which a window is anomalous.
    package init(_ errors: SeriesErrors, threshold: Double, windowThreshold: Double) {
      let scores = errors.rowScores
      rows = scores.count
      error = errors.measure.rawValue
      let stretches = errors.windows.stretches
      ranges = AnomalousRange.all(in: scores, above: threshold, stretches: stretches)
        .map { $0.located(in: stretches) }
      windows = Windows(
        examples: errors.windowScores.count, threshold: windowThreshold,
        anomalies: errors.windowScores.count { $0 > windowThreshold })
    }

    /// A range is a line of a table, of this many at most.
    private static let mostRanges = 20

    /// For a person, after the count of rows and the threshold.
    var lines: [String] {
      var lines = [
        "a row's score is the mean \(error) error over the windows that cover it",
        "\(Numbers.grouped(windows.anomalies)) of \(Numbers.grouped(windows.examples)) windows score "
          + "above \(Numbers.loss(windows.threshold)), by the same rule",
      ]
      guard !ranges.isEmpty else { return lines }
      let hasFiles = ranges[0].file != nil
      var table = TextTable(
        (hasFiles ? [.text("file")] : [])
          + [.number("first row"), .number("last"), .number("peak"), .number("score there")])
      for range in ranges.prefix(Self.mostRanges) {
        table.append(
          [range.file].compactMap(\.self)
            + [range.first, range.last, range.peak].map(Numbers.grouped)
            + [Numbers.loss(range.score)])
      }
      lines += ["", table.description]
      if ranges.count > Self.mostRanges {
        lines.append("and \(Numbers.grouped(ranges.count - Self.mostRanges)) more ranges")
      }
      return lines
    }
  }
}
