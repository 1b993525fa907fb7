/// Lines over one axis, with what is marked and shaded on them. The vertical axis is logarithmic where
/// the values fall or rise by a factor of 100 or more.
package struct LineChart: Chart, Hashable {
  package struct Line: Hashable, Sendable {
    package let name: String
    /// Rising in `x`. Where `y` is not finite there is a gap.
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

  /// A height that a line across shows.
  package struct Level: Hashable, Sendable {
    package let name: String
    package let value: Double

    package init(name: String, value: Double) { (self.name, self.value) = (name, value) }
  }

  /// A point that is pointed out.
  package struct Mark: Hashable, Sendable {
    package let name: String
    package let point: Point

    package init(name: String, point: Point) { (self.name, self.point) = (name, point) }
  }

  package let label: String
  /// What the axes are of, with their units.
  package let axes: [String]
  package let lines: [Line]
  package var marks: [Mark] = []
  /// Stretches of the horizontal axis that are shaded, and what that means.
  package var shades: [ClosedRange<Double>] = []
  package var shadeName = ""
  package var level: Level?
  /// Whether it is as wide as a desk's page.
  package var isWide = false
  /// Whether the horizontal axis counts whole things, which no tick lies between.
  package var countsWhole = false

  /// - Parameter axes: the names of the horizontal and of the vertical one.
  package init(label: String, axes: [String], lines: [Line]) {
    precondition(axes.count == 2, "a plane has two axes")
    (self.label, self.axes, self.lines) = (label, axes, lines)
  }

  /// Points that are drawn of a line: more could not be told apart.
  private static let mostPoints = 1200
  /// Fewer points than these are marked by dots.
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

  /// The least and the greatest of each of so many stretches, so that peaks stay.
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
