/// Points of a plane, coloured by label, with a legend.
package struct ScatterPlot: Plot, Hashable {
  package var title: String
  package var axes = ["x", "y"]
  /// `[N, 2]`.
  package let points: [Float]
  /// `[N]`.
  package let labels: [Int32]?
  /// What each label means; the labels themselves where there are none.
  package let labelNames: [String]?

  package init(
    title: String, points: [Float], labels: [Int32]? = nil, labelNames: [String]? = nil
  ) {
    precondition(points.count % 2 == 0, "points are pairs")
    precondition(labels == nil || labels?.count == points.count / 2, "one label to a point")
    self.title = title
    self.points = points
    self.labels = labels
    self.labelNames = labelNames
  }

  package var size: (width: Int, height: Int) { (labels == nil ? 700 : 820, 640) }

  package var csv: String {
    header(axes) + (0..<points.count / 2).map(line).joined()
  }

  fileprivate func header(_ columns: [String]) -> String {
    (columns + (labels == nil ? [] : ["label"])).map(PlotText.field).joined(separator: ",") + "\n"
  }

  fileprivate func line(_ index: Int) -> String {
    "\(points[2 * index]),\(points[2 * index + 1])"
      + (labels.map { "," + PlotText.field(name($0[index])) } ?? "") + "\n"
  }

  package var commands: String { commands(block: "points") }

  /// - `block`: what the block of data is called, so that several plots have room in one picture.
  func commands(block: String) -> String {
    let classes = labels.map { Set($0).sorted() } ?? []
    let palette = PlotText.colors(Int(classes.last ?? 0) + 1)
    let lines = (0..<points.count / 2).map { index in
      "\(points[2 * index]) \(points[2 * index + 1]) \(palette[Int(labels?[index] ?? 0)])"
    }
    // In the order of the examples, so that no class lies over all others; the legend is drawn by
    // itself, in points that are large enough to tell colours apart.
    var series = ["$\(block) using 1:2:3 with points pt 7 ps \(pointSize) lc rgb variable notitle"]
    for label in classes {
      series.append(
        "NaN with points pt 7 ps 1.4 lc rgb \(palette[Int(label)]) "
          + "title \(PlotText.quoted(name(label)))")
    }
    return PlotText.block(block, lines) + """
      set title \(PlotText.quoted(title))
      set xlabel \(PlotText.quoted(axes[0]))
      set ylabel \(PlotText.quoted(axes[1]))
      set key outside right top Left reverse samplen 1 maxrows 32
      \(PlotText.frame)
      plot \(series.joined(separator: ", "))

      """
  }

  private var pointSize: Double { points.count > 4000 ? 0.4 : points.count > 800 ? 0.7 : 1 }

  private func name(_ label: Int32) -> String {
    guard let labelNames, labelNames.indices.contains(Int(label)) else { return "\(label)" }
    return labelNames[Int(label)]
  }
}

/// Two scatter plots beside one another: an autoencoder's codes and what PCA makes of the same
/// examples.
package struct ScatterPair: Plot, Hashable {
  package let left: ScatterPlot
  package let right: ScatterPlot

  /// Both of the same examples in the same order.
  package init(left: ScatterPlot, right: ScatterPlot) {
    precondition(left.points.count == right.points.count, "as many points on both sides")
    self.left = left
    self.right = right
  }

  package var size: (width: Int, height: Int) {
    (left.size.width + right.size.width, left.size.height)
  }

  package var csv: String {
    let titles = [left, right].flatMap { plot in plot.axes.map { "\(plot.title) \($0)" } }
    return right.header(titles)
      + (0..<right.points.count / 2).map { index in
        "\(left.points[2 * index]),\(left.points[2 * index + 1])," + right.line(index)
      }.joined()
  }

  package var commands: String {
    "set multiplot layout 1,2\n" + left.commands(block: "left")
      + right.commands(block: "right") + "unset multiplot\n"
  }
}
