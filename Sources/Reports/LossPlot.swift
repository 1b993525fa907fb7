/// The loss by epoch, for training and validation, with a logarithmic axis if it changes by a
/// factor of 100 or more. The CSV file has every epoch; the picture has at most as many points as
/// can be distinguished.
package struct LossPlot: Plot, Hashable {
  package struct Row: Hashable, Sendable {
    package let epoch: Int
    package let training: Double
    package let validation: Double?

    package init(epoch: Int, training: Double, validation: Double?) {
      self.epoch = epoch
      self.training = training
      self.validation = validation
    }
  }

  package var title: String
  package let rows: [Row]

  package init(title: String, rows: [Row]) {
    self.title = title
    self.rows = rows
  }

  package var size: (width: Int, height: Int) { (820, 520) }

  package var csv: String {
    rows.reduce(into: "epoch,training,validation\n") { text, row in
      text += "\(row.epoch),\(row.training),\(row.validation.map { "\($0)" } ?? "")\n"
    }
  }

  package var commands: String {
    let drawn = drawnRows
    let training = drawn.map { "\($0.epoch) \($0.training)" }
    let validation = drawn.compactMap { row in row.validation.map { "\(row.epoch) \($0)" } }
    // A single epoch is a point, not a line.
    let style = "with \(rows.count < 30 ? "linespoints pt 7 ps 0.6" : "lines") lw 2"
    var text = PlotText.block("training", training)
    var series = ["$training using 1:2 \(style) lc rgb '#1f5fa8' title 'training'"]
    if !validation.isEmpty {
      text += PlotText.block("validation", validation)
      series.append("$validation using 1:2 \(style) lc rgb '#d9822b' title 'validation'")
    }
    return text + """
      set title \(PlotText.quoted(title))
      set xlabel 'epoch'
      set ylabel 'loss'
      set key right top Left reverse
      \(PlotText.frame)
      \(isLogarithmic ? "set logscale y" : "")
      set xrange [0.5:\(Double(rows.last?.epoch ?? 1) + 0.5)]
      plot \(series.joined(separator: ", "))

      """
  }

  /// All rows, or every n-th row and the last.
  private var drawnRows: [Row] {
    let step = max(rows.count / Self.mostPoints, 1)
    return rows.indices.filter { $0 % step == 0 || $0 == rows.count - 1 }.map { rows[$0] }
  }

  /// Twice the width of the picture.
  private static let mostPoints = 1600

  private var isLogarithmic: Bool {
    let losses = rows.flatMap { [$0.training, $0.validation].compactMap(\.self) }
    guard let least = losses.min(), let most = losses.max() else { return false }
    return least > 0 && most >= 100 * least
  }
}
