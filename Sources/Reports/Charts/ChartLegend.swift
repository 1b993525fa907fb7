/// The names of a chart's series, each with its line or mark, and of other signs.
struct ChartLegend {
  struct Entry {
    let name: String
    let style: ChartStyle
    /// For a line; `nil` for a mark.
    var isDashed: Bool?
  }

  let entries: [Entry]
  /// Other signs, by their class in the style sheet: `ring`, `level` or `shade`.
  var signs: [(name: String, style: String)] = []

  var html: HTML {
    let items =
      entries.map { ($0.name, Self.sign($0)) } + signs.map { ($0.name, Self.sign($0.style)) }
    return .element(
      "ul", ["class": "legend"],
      items.map { name, sign in
        .element(
          "li", [:],
          [
            .element(
              "svg",
              ["viewBox": "0 0 22 14", "width": "22", "height": "14", "aria-hidden": "true"],
              [sign]), .text(name),
          ])
      })
  }

  private static func sign(_ entry: Entry) -> HTML {
    guard let isDashed = entry.isDashed else {
      return SVG.path(entry.style.mark(x: 11, y: 7, radius: 4.5), style: "mark \(entry.style.name)")
    }
    return SVG.line(0, 7, 22, 7, style: "line \(entry.style.name)\(isDashed ? " dashed" : "")")
  }

  private static func sign(_ style: String) -> HTML {
    switch style {
    case "ring": SVG.path(ChartStyle(0).mark(x: 11, y: 7, radius: 5), style: style)
    case "shade": SVG.rectangle(x: 0, y: 0, width: 22, height: 14, style: style)
    default: SVG.line(0, 7, 22, 7, style: style)
    }
  }
}
