/// A square of pixels with the distance of the nearest line to each pixel's centre.
struct DigitCanvas {
  typealias Point = DigitShapes.Point

  let size: Int
  /// Squared distance in pixels, `[size, size]`; infinite beyond `reach`.
  private var distances: [Double]
  /// Thicker lines than twice this would be cut off.
  private static let reach = 3.0

  init(size: Int) {
    self.size = size
    distances = [Double](repeating: .infinity, count: size * size)
  }

  /// Draws a line from `start` to `end`.
  mutating func touch(from start: Point, to end: Point) {
    let line = end - start
    let squaredLength = max((line * line).sum(), 1e-12)
    for y in pixels(start.y, end.y) {
      for x in pixels(start.x, end.x) {
        let offset = Point(Double(x), Double(y)) - start
        let along = min(max((offset * line).sum() / squaredLength, 0), 1)
        let away = offset - along * line
        let squared = (away * away).sum()
        if squared < distances[y * size + x] { distances[y * size + x] = squared }
      }
    }
  }

  /// Pixels: 255 on the line, with a soft edge one pixel wide.
  func ink(radius: Double) -> [UInt8] {
    distances.map { UInt8(255 * min(max(radius + 0.5 - $0.squareRoot(), 0), 1) + 0.5) }
  }

  /// The pixels within reach of an interval, within the canvas.
  private func pixels(_ a: Double, _ b: Double) -> Range<Int> {
    let first = max(Int((min(a, b) - Self.reach).rounded(.up)), 0)
    let last = min(Int((max(a, b) + Self.reach).rounded(.down)), size - 1)
    return first..<max(first, last + 1)
  }
}
