import Glibc
import Randoms

extension DatasetSource {
  /// Generated digits in the style of MNIST, so that image recipes run without any file.
  ///
  /// Example `i` shows the digit `i mod 10`: any ten consecutive examples have each digit once.
  static let digits = DatasetSource(
    name: "digits", summary: "generated digits, 28×28, 10,000 + 2,000"
  ) { _ in
    Dataset(
      name: "digits", training: digits(count: 10_000, step: 0), test: digits(count: 2000, step: 1),
      labelNames: (0...9).map(String.init))
  }

  private static func digits(count: Int, step: UInt64) -> Examples {
    let philox = Philox(seed: 28, stream: .sampling, step: step)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * 28 * 28)
    for index in 0..<count {
      let pen = DigitPen(philox, index: index)
      pixels += pen.draw(DigitShapes.all[index % 10])
    }
    return Examples(
      count: count, shape: [28, 28, 1], elements: .bytes(pixels),
      labels: (0..<count).map { Int32($0 % 10) })
  }
}

/// A handwriting: how it rotates, slants, stretches and bends a digit, and its line width.
private struct DigitPen {
  typealias Point = DigitShapes.Point

  /// Uniform in [0, 1): selects one of the ways of writing a digit.
  let way: Double
  /// Half the line width, in pixels.
  let radius: Double
  let centre: Point
  /// Pixels per unit, in x and y, before the rotation.
  let scale: Point
  let angle: Double
  let slant: Double
  /// Depth and phase of a slow wave, in both directions.
  let bend: (depth: Point, phase: Point)

  /// The handwriting of example `index`: its sixteen uniform numbers.
  init(_ philox: Philox, index: Int) {
    func uniform(_ place: Int, _ range: ClosedRange<Double>) -> Double {
      let u = Double(philox.uniform(16 * index + place))
      return range.lowerBound + (range.upperBound - range.lowerBound) * u
    }
    way = uniform(0, 0...1)
    radius = uniform(1, 0.8...1.7)
    centre = Point(uniform(2, 12...15), uniform(3, 12.5...14.5))
    scale = Point(uniform(4, 7.5...11), uniform(5, 8...10))
    angle = uniform(6, -0.18...0.18)
    slant = uniform(7, -0.1...0.35)
    bend = (
      Point(uniform(8, 0...0.12), uniform(9, 0...0.08)),
      Point(uniform(10, 0...2 * .pi), uniform(11, 0...2 * .pi))
    )
  }

  /// The digit on a canvas of 28×28, in one of the given ways of writing.
  func draw(_ ways: [[DigitShapes.Stroke]]) -> [UInt8] {
    let strokes = ways[Int(way * Double(ways.count))]
    var canvas = DigitCanvas(size: 28)
    for stroke in strokes {
      let points = stroke.map(place)
      for (start, end) in zip(points, points.dropFirst()) { canvas.touch(from: start, to: end) }
    }
    return canvas.ink(radius: radius)
  }

  /// The position of a point of the digit, in pixels.
  private func place(_ point: Point) -> Point {
    var p = point
    p.x += bend.depth.x * sin(2 * point.y + bend.phase.x) - slant * point.y
    p.y += bend.depth.y * sin(3 * point.x + bend.phase.y)
    p *= scale
    return centre
      + Point(cos(angle) * p.x - sin(angle) * p.y, sin(angle) * p.x + cos(angle) * p.y)
  }
}
