/// The style that distinguishes one series of a chart: a colour and a shape, so that either of them
/// is sufficient.
package struct ChartStyle: Hashable, Sendable {
  package let index: Int

  package init(_ index: Int) { self.index = index }

  /// The class of its colour in the style sheet.
  var name: String { "s\(index % PageColors.seriesCount)" }

  /// A mark at a position, as part of a path: a dot, a square, a triangle or a diamond in turn.
  /// - Parameter radius: half of its width.
  func mark(x: Double, y: Double, radius: Double) -> String {
    let (r, d) = (SVG.number(radius), SVG.number(2 * radius))
    let place = "M\(SVG.number(x)) "
    switch index % 4 {
    case 0:
      return place + "\(SVG.number(y - radius))a\(r) \(r) 0 1 1-.1 0z"
    case 1: return "M\(SVG.number(x - radius)) \(SVG.number(y - radius))h\(d)v\(d)h-\(d)z"
    case 2: return place + "\(SVG.number(y - radius))l\(r) \(d)h-\(d)z"
    default: return place + "\(SVG.number(y - radius))l\(r) \(r)-\(r) \(r)-\(r)-\(r)z"
    }
  }
}
