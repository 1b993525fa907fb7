/// Lines over a common axis, with marks and shaded ranges. The vertical axis is logarithmic if the
/// values change by a factor of 100 or more.
package struct LineChart: Chart, Hashable {
  package struct Line: Hashable, Sendable {
    package let name: String
    /// In ascending order of `x`. A `y` that is not finite is a gap.
    package let points: [Point]
    package let style: ChartStyle
    package var isDashed = false

    package init(name: String, points: [Point], style: ChartStyle, isDashed: Bool = false) {
      (self.name, self.points, self.style) = (name, points, style)
      self.isDashed = isDashed
    }
  }

  package struct Point: Hashable, Sendable {
    package let x: Double
    package let y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A horizontal line at this height.
  package struct Level: Hashable, Sendable {
    package let name: String
    package let value: Double

    package init(name: String, value: Double) { (self.name, self.value) = (name, value) }
  }

  /// A marked point.
  package struct Mark: Hashable, Sendable {
    package let name: String
    package let point: Point

    package init(name: String, point: Point) { (self.name, self.point) = (name, point) }
  }

  package let label: String
  /// The titles of the axes, with units.
  package let axes: [String]
  package let lines: [Line]
  package var marks: [Mark] = []
  /// Shaded ranges of the horizontal axis, and their name.
  package var shades: [ClosedRange<Double>] = []
  package var shadeName = ""
  package var level: Level?
  /// Whether it uses the full width of a desktop page.
  package var isWide = false
  /// Whether the horizontal axis counts whole things, so that ticks must be whole numbers.
  package var countsWhole = false

  /// - Parameter axes: the titles of the horizontal and the vertical axis.
  package init(label: String, axes: [String], lines: [Line]) {
    precondition(axes.count == 2, "two axes are needed")
    (self.label, self.axes, self.lines) = (label, axes, lines)
  }

  /// The largest number of points that are drawn per line.
  private static let mostPoints = 1200
  /// A line with fewer points than this gets dots.
  private static let dottedPoints = 30

  private var isLogarithmic: Bool {
    let levels = level.map { [$0.value] } ?? []
    let values = lines.flatMap { $0.points.map(\.y).filter(\.isFinite) } + levels
    guard let least = values.min(), let most = values.max() else { return false }
    return least > 0 && most >= 100 * least
  }

  private var frame: ChartFrame {
    let points = lines.flatMap(\.points)
    let across = ChartScale(points.map(\.x), isTight: true, countsWhole: countsWhole)
    let levels = level.map { [$0.value] } ?? []
    return ChartFrame(
      x: across,
      y: ChartScale(points.map(\.y) + levels, isLogarithmic: isLogarithmic),
      titles: (axes[0], axes[1]), width: isWide ? .wide : .usual)
  }

  package var html: HTML {
    let frame = frame
    var pieces: [HTML] = shades.map { shade in
      let (low, high) = (frame.place(x: shade.lowerBound), frame.place(x: shade.upperBound))
      return SVG.rectangle(
        x: low, y: frame.ends.top, width: max(high - low, 1.5),
        height: frame.ends.bottom - frame.ends.top, style: "shade")
    }
    pieces += lines.flatMap { draw($0, in: frame) }
    if let level {
      let height = frame.place(y: level.value)
      pieces.append(
        SVG.line(
          frame.place(x: frame.x.low), height, frame.place(x: frame.x.high), height, style: "level")
      )
    }
    for mark in marks where mark.point.y.isFinite {
      pieces.append(
        SVG.path(
          ChartStyle(0).mark(
            x: frame.place(x: mark.point.x), y: frame.place(y: mark.point.y), radius: 6),
          style: "ring", title: mark.name))
    }
    return .joined([frame.svg(label: label, pieces), legend])
  }

  private var legend: HTML {
    let entries = lines.map {
      ChartLegend.Entry(name: $0.name, style: $0.style, isDashed: $0.isDashed)
    }
    let signs: [(name: String, style: String)] =
      marks.prefix(1).map { ($0.name, "ring") } + (level.map { [($0.name, "level")] } ?? [])
      + (shades.isEmpty ? [] : [(shadeName, "shade")])
    return ChartLegend(entries: entries, signs: signs).html
  }

  private func draw(_ line: Line, in frame: ChartFrame) -> [HTML] {
    let points = Self.thinned(line.points)
    var path = ""
    var isDown = false
    for point in points {
      guard point.y.isFinite else {
        isDown = false
        continue
      }
      path +=
        (isDown ? "L" : "M")
        + "\(SVG.number(frame.place(x: point.x))) \(SVG.number(frame.place(y: point.y)))"
      isDown = true
    }
    var pieces = [
      SVG.path(path, style: "line \(line.style.name)\(line.isDashed ? " dashed" : "")")
    ]
    if points.count < Self.dottedPoints {
      for point in points where point.y.isFinite {
        let mark = line.style.mark(
          x: frame.place(x: point.x), y: frame.place(y: point.y), radius: 3)
        let text = "\(line.name), \(axes[0]) \(Numbers.plain(point.x)): \(Numbers.loss(point.y))"
        pieces.append(SVG.path(mark, style: "mark \(line.style.name)", title: text))
      }
    }
    return pieces
  }

  /// The smallest and the largest value of each of this many ranges, so that peaks are kept.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > mostPoints else { return points }
    let step = (2 * points.count + mostPoints - 1) / mostPoints
    return stride(from: 0, to: points.count, by: step).flatMap { start -> [Point] in
      let own = points[start..<min(start + step, points.count)]
      let finite = own.indices.filter { points[$0].y.isFinite }
      guard let least = finite.min(by: { points[$0].y < points[$1].y }),
        let most = finite.max(by: { points[$0].y < points[$1].y })
      else { return [own[start]] }
      return Set([least, most]).sorted().map { points[$0] }
    }
  }
}
