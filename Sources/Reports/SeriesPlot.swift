/// A series by row, with anomalous ranges shaded, above the scores and the threshold. The CSV file
/// has every row; the picture of a long series shows the minimum and maximum of ranges of rows.
package struct SeriesPlot: Plot, Hashable {
  package let title: String
  package let columns: [String]
  /// `[rows, columns]`; NaN where a value is missing.
  package let values: [Double]
  /// `[rows]`
  package let scores: [Double?]
  package let threshold: Double
  /// Rows to shade.
  package let ranges: [ClosedRange<Int>]

  package init(
    title: String, columns: [String], values: [Double], scores: [Double?], threshold: Double,
    ranges: [ClosedRange<Int>]
  ) {
    precondition(
      values.count == scores.count * columns.count, "one value per row and column is needed")
    self.title = title
    self.columns = columns
    self.values = values
    self.scores = scores
    self.threshold = threshold
    self.ranges = ranges
  }

  package var size: (width: Int, height: Int) { (1200, 640) }

  package var csv: String {
    let header = ["row"] + columns + ["score", "anomalous"]
    var text = header.map(PlotText.field).joined(separator: ",") + "\n"
    for (row, score) in scores.enumerated() {
      let own = values[row * columns.count..<(row + 1) * columns.count]
      let fields =
        ["\(row)"] + own.map { $0.isNaN ? "" : "\($0)" }
        + (score.map { ["\($0)", $0 > threshold ? "1" : "0"] } ?? ["", ""])
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  package var commands: String {
    let drawn = columns.indices.prefix(Self.mostColumns)
    let colors = PlotText.colors(drawn.count)
    var text = ""
    var series: [String] = []
    for column in drawn {
      text += PlotText.block(
        "column\(column)", points { values[$0 * columns.count + column] })
      let color = "0x" + String(colors[column], radix: 16)
      series.append(
        "$column\(column) with lines lw 1 lc rgb \(color) title \(PlotText.quoted(columns[column]))"
      )
    }
    text += PlotText.block("scores", points { scores[$0] ?? .nan })
    let shades = ranges.prefix(Self.mostRanges).map {
      "set object rectangle from \(Double($0.lowerBound) - 0.5), graph 0 to "
        + "\(Double($0.upperBound) + 0.5), graph 1 fc rgb 0xf6c9c4 fs solid noborder behind\n"
    }
    return text + """
      set multiplot layout 2,1
      \(PlotText.frame)
      set xrange [-0.5:\(Double(max(scores.count, 1)) - 0.5)]
      set lmargin 10
      set rmargin 18
      \(shades.joined())set title \(PlotText.quoted(title))
      set key outside top right
      plot \(series.joined(separator: ", "))
      unset title
      set xlabel 'row'
      plot $scores with lines lw 1 lc rgb 0x333333 title 'score', \
      \(threshold) with lines lw 1 dt 2 lc rgb 0xd62f2f title 'threshold'
      unset multiplot

      """
  }

  /// Rows and values as lines; a gap is an empty line.
  private func points(_ value: (Int) -> Double) -> [String] {
    let count = scores.count
    let step = max(count / Self.mostPoints, 1)
    return stride(from: 0, to: count, by: step).flatMap { start -> [String] in
      let rows = (start..<min(start + step, count)).filter { value($0).isFinite }
      guard let least = rows.min(by: { value($0) < value($1) }),
        let greatest = rows.max(by: { value($0) < value($1) })
      else { return [""] }
      return Set([least, greatest]).sorted().map { "\($0) \(value($0))" }
    }
  }

  /// More columns, ranges or rectangles could not be distinguished.
  private static let mostColumns = 6
  private static let mostPoints = 2400
  private static let mostRanges = 1000
}
