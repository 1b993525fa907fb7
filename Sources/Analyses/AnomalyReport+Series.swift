import Reports

extension AnomalyReport {
  /// Further results for a series; `examples` and `anomalies` then count rows.
  package struct Series: Encodable, Hashable, Sendable {
    /// The result for whole windows, by the same rule.
    package struct Windows: Encodable, Hashable, Sendable {
      package var examples: Int
      package var threshold: Double
      package var anomalies: Int
    }

    /// Rows of the series, with those that have no score.
    package var rows: Int
    /// The error of a value: squared or absolute.
    package var error: String
    /// How the errors of the windows that contain a row are combined to its score.
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

    /// The largest number of ranges in the table.
    private static let mostRanges = 20

    /// Lines for the user, after the numbers of rows and anomalies.
    var lines: [String] {
      var lines = [
        "a row's score is its mean \(error) error over the windows that contain it",
        "\(Numbers.grouped(windows.anomalies)) of \(Numbers.grouped(windows.examples)) windows have scores "
          + "above \(Numbers.loss(windows.threshold)) (same rule)",
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
