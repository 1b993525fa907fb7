/// The axes of a chart, in its own units, which a style sheet scales; all colours are the page's.
///
/// On a phone, the text of a chart is as large as the page's.
struct ChartFrame {
  /// A wide chart scrolls on a phone and has space for more points.
  enum Width: Double {
    case usual = 340
    case wide = 900
  }

  let x: ChartScale
  let y: ChartScale
  /// The titles of the axes, with units.
  let titles: (x: String, y: String)
  let width: Double
  let height: Double
  private let left: Double
  private let right = 12.0
  private let top = 24.0
  private let bottom = 40.0
  private let showsTicks: Bool

  /// - Parameter showsTicks: whether to draw numbers along the horizontal axis.
  init(
    x: ChartScale, y: ChartScale, titles: (x: String, y: String), width: Width = .usual,
    height: Double = 250, showsTicks: Bool = true
  ) {
    (self.x, self.y, self.titles) = (x, y, titles)
    (self.width, self.height) = (width.rawValue, height)
    self.showsTicks = showsTicks
    let longest = y.ticks.map { y.text($0).count }.max() ?? 0
    left = 14 + Self.letterWidth * Double(longest)
  }

  /// The width of a digit.
  private static let letterWidth = 7.0

  func place(x value: Double) -> Double { left + x.share(of: value) * (width - left - right) }
  func place(y value: Double) -> Double {
    height - bottom - y.share(of: value) * (height - top - bottom)
  }

  /// The top and bottom of the plot area.
  var ends: (top: Double, bottom: Double) { (top, height - bottom) }

  /// The position of a point in the whole picture, from 0 to 1 in x and y.
  func share(x: Double, y: Double) -> (x: Double, y: Double) {
    (place(x: x) / width, place(y: y) / height)
  }

  /// The picture.
  /// - Parameter label: a description of the chart.
  func svg(label: String, _ content: [HTML]) -> HTML {
    .element(
      "svg",
      [
        "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))", "role": "img",
        "aria-label": label, "class": width == Width.wide.rawValue ? "chart wide" : "chart",
      ], axes + content)
  }

  private var axes: [HTML] {
    let (left, right) = (place(x: x.low), place(x: x.high))
    var pieces: [HTML] = []
    for tick in y.ticks {
      let height = place(y: tick)
      pieces.append(SVG.line(left, height, right, height, style: "grid"))
      pieces.append(SVG.text(y.text(tick), x: left - 6, y: height + 4, anchor: "end"))
    }
    pieces.append(SVG.line(left, ends.bottom, right, ends.bottom, style: "axis"))
    if showsTicks {
      for tick in x.ticks {
        let place = place(x: tick)
        pieces.append(SVG.line(place, ends.bottom, place, ends.bottom + 4, style: "axis"))
        pieces.append(SVG.text(x.text(tick), x: place, y: ends.bottom + 16, anchor: "middle"))
      }
    }
    pieces.append(SVG.text(titles.x, x: (left + right) / 2, y: height - 6, anchor: "middle"))
    pieces.append(SVG.text(titles.y, x: 2, y: 13))
    return pieces
  }
}

/// Elements of SVG drawings.
enum SVG {
  /// A tenth of a unit is precise enough; very large values are clamped, and NaN becomes 0.
  static func number(_ value: Double) -> String {
    let tenths = value.isNaN ? 0 : Int((min(max(value, -1e6), 1e6) * 10).rounded())
    return tenths % 10 == 0
      ? "\(tenths / 10)" : (tenths < 0 ? "-" : "") + "\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String
  ) -> HTML {
    path("M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))", style: style)
  }

  static func path(_ data: String, style: String, title: String? = nil) -> HTML {
    .element(
      "path", ["d": data, "class": style], title.map { [.element("title", [:], [.text($0)])] } ?? []
    )
  }

  static func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, title: String? = nil
  ) -> HTML {
    .element(
      "rect",
      [
        "x": number(x), "y": number(y), "width": number(width), "height": number(height),
        "class": style,
      ], title.map { [.element("title", [:], [.text($0)])] } ?? [])
  }

  static func text(
    _ text: String, x: Double, y: Double, anchor: String? = nil, style: String? = nil
  ) -> HTML {
    .element(
      "text",
      ["x": number(x), "y": number(y), "text-anchor": anchor, "class": style], [.text(text)])
  }
}
