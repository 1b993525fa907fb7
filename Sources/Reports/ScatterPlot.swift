/// Points in two or three dimensions, coloured by label, with a legend.
package struct ScatterPlot: Plot {
  package var title: String
  /// The titles of the axes, two or three.
  package var axes: [String]
  /// `[N, axes]`.
  package let points: [Float]
  /// `[N]`.
  package let labels: [Int32]?
  /// The name of each label; `nil`: the label's number.
  package let labelNames: [String]?
  /// Grey points behind the others, `[M, axes]`, and their name.
  package var background: (name: String, points: [Float])?

  package init(
    title: String, axes: [String] = ["x", "y"], points: [Float], labels: [Int32]? = nil,
    labelNames: [String]? = nil
  ) {
    precondition((2...3).contains(axes.count), "two or three axes are needed")
    precondition(points.count % axes.count == 0, "each point needs one number per axis")
    precondition(
      labels == nil || labels?.count == points.count / axes.count, "one label per point is needed")
    self.title = title
    self.axes = axes
    self.points = points
    self.labels = labels
    self.labelNames = labelNames
  }

  package var size: (width: Int, height: Int) { (labels == nil ? 700 : 820, 640) }

  package var csv: String {
    header(axes) + (0..<count).map(line).joined()
  }

  fileprivate var count: Int { points.count / axes.count }

  /// A point's numbers with a separator.
  fileprivate func numbers(_ index: Int, _ separator: String) -> String {
    points[index * axes.count..<(index + 1) * axes.count].map { "\($0)" }
      .joined(separator: separator)
  }

  fileprivate func header(_ columns: [String]) -> String {
    (columns + (labels == nil ? [] : ["label"])).map(PlotText.field).joined(separator: ",") + "\n"
  }

  fileprivate func line(_ index: Int) -> String {
    numbers(index, ",")
      + (labels.map { "," + PlotText.field(name($0[index])) } ?? "") + "\n"
  }

  package var commands: String { commands(block: "points") }

  /// - `block`: the name of the data block, so that a picture can have several plots.
  func commands(block: String) -> String {
    let classes = labels.map { Set($0).sorted() } ?? []
    let palette = PlotText.colors(Int(classes.last ?? 0) + 1)
    let lines = (0..<count).map { index in
      "\(numbers(index, " ")) \(palette[Int(labels?[index] ?? 0)])"
    }
    let isSpace = axes.count == 3
    let columns = isSpace ? "1:2:3:4" : "1:2:3"
    // In the order of the examples, so that no class covers the others; the legend is drawn
    // separately,
    // with larger points whose colours are easy to distinguish.
    var series: [String] = []
    if background != nil {
      series.append("$behind with points pt 7 ps 0.4 lc rgb '#c8c8c8' notitle")
    }
    series.append(
      "$\(block) using \(columns) with points pt 7 ps \(pointSize) lc rgb variable notitle")
    if let background {
      series.append(
        "NaN with points pt 7 ps 1.4 lc rgb '#c8c8c8' title \(PlotText.quoted(background.name))")
    }
    for label in classes {
      series.append(
        "NaN with points pt 7 ps 1.4 lc rgb \(palette[Int(label)]) "
          + "title \(PlotText.quoted(name(label)))")
    }
    let behind = background.map { background in
      PlotText.block(
        "behind",
        stride(from: 0, to: background.points.count, by: axes.count).map { start in
          background.points[start..<start + axes.count].map { "\($0)" }.joined(separator: " ")
        })
    }
    return (behind ?? "") + PlotText.block(block, lines) + """
      set title \(PlotText.quoted(title))
      set xlabel \(PlotText.quoted(axes[0]))
      set ylabel \(PlotText.quoted(axes[1]))
      set key outside right top Left reverse samplen 1 maxrows 32
      \(PlotText.frame)
      \(isSpace ? Self.space(axes[2]) : "")
      \(isSpace ? "splot" : "plot") \(series.joined(separator: ", "))

      """
  }

  /// A third axis, always seen from the same direction.
  private static func space(_ axis: String) -> String {
    """
    set zlabel \(PlotText.quoted(axis)) rotate parallel
    set view 62, 35
    set xyplane 0.05
    set border 895
    set grid ztics
    set tics font ",9"
    """
  }

  private var pointSize: Double { count > 2000 ? 0.4 : count > 400 ? 0.7 : 1 }

  private func name(_ label: Int32) -> String {
    guard let labelNames, labelNames.indices.contains(Int(label)) else { return "\(label)" }
    return labelNames[Int(label)]
  }
}

/// Two scatter plots side by side: an autoencoder's codes, and PCA's codes of the same examples.
package struct ScatterPair: Plot {
  package let left: ScatterPlot
  package let right: ScatterPlot

  /// Both plots have the same examples in the same order.
  package init(left: ScatterPlot, right: ScatterPlot) {
    precondition(left.count == right.count, "both plots must have the same number of points")
    self.left = left
    self.right = right
  }

  package var size: (width: Int, height: Int) {
    (left.size.width + right.size.width, left.size.height)
  }

  package var csv: String {
    let titles = [left, right].flatMap { plot in plot.axes.map { "\(plot.title) \($0)" } }
    return right.header(titles)
      + (0..<right.count).map { left.numbers($0, ",") + "," + right.line($0) }.joined()
  }

  package var commands: String {
    "set multiplot layout 1,2\n" + left.commands(block: "left")
      + right.commands(block: "right") + "unset multiplot\n"
  }
}
