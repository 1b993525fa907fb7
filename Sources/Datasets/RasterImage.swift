/// A decoded picture, RGB, 8 bits a channel, row-major.
struct RasterImage: Hashable, Sendable {
  let width: Int
  let height: Int
  /// `[height, width, 3]`.
  let pixels: [UInt8]
  /// The file held shades of gray: all three channels are alike.
  let isGray: Bool

  /// Resized to `[H, W, C]`, each axis by itself: shrunk by the mean over the area that a new pixel
  /// covers, enlarged by linear interpolation between pixel centres, stretched where the
  /// proportions differ. One channel is the luma `0.299 R + 0.587 G + 0.114 B`.
  func resized(to shape: [Int]) -> [UInt8] {
    precondition(shape.count == 3 && (shape[2] == 1 || shape[2] == 3), "[H, W, 1 or 3]")
    let channels = shape[2]
    let source = channels == 3 ? pixels : luma
    if shape[0] == height && shape[1] == width { return source }
    // Rows are taken a few at a time, so that a large picture takes little memory beside itself.
    let across = AxisFilter(from: width, to: shape[1])
    let down = AxisFilter(from: height, to: shape[0])
    var result = [UInt8](repeating: 0, count: shape[0] * shape[1] * channels)
    var narrow: [Int: [Float]] = [:]
    for y in 0..<shape[0] {
      let taps = down.taps[y]
      narrow = narrow.filter { taps.rows.contains($0.key) }
      var sum = [Float](repeating: 0, count: shape[1] * channels)
      for (row, weight) in zip(taps.rows, taps.weights) {
        let values = narrow[row] ?? across.apply(to: source, row: row, channels: channels)
        narrow[row] = values
        for index in sum.indices { sum[index] += weight * values[index] }
      }
      for index in sum.indices {
        result[y * sum.count + index] = UInt8(min(max(sum[index] + 0.5, 0), 255))
      }
    }
    return result
  }

  private var luma: [UInt8] {
    (0..<width * height).map { index in
      let red = 299 * Int(pixels[3 * index])
      let green = 587 * Int(pixels[3 * index + 1])
      return UInt8((red + green + 114 * Int(pixels[3 * index + 2]) + 500) / 1000)
    }
  }
}

/// Which pixels of an axis make each new one, and by what weights; they sum to 1.
private struct AxisFilter {
  struct Taps {
    let rows: Range<Int>
    let weights: [Float]
  }

  let taps: [Taps]
  private let size: Int

  init(from size: Int, to newSize: Int) {
    self.size = size
    let scale = Double(size) / Double(newSize)
    taps = (0..<newSize).map { index in
      scale > 1
        ? Self.area(from: Double(index) * scale, to: Double(index + 1) * scale, size)
        : Self.linear(at: (Double(index) + 0.5) * scale - 0.5, size)
    }
  }

  private static func area(from start: Double, to end: Double, _ size: Int) -> Taps {
    let first = Int(start)
    let last = max(min(Int(end.rounded(.up)), size), first + 1)
    let weights = (first..<last).map { pixel in
      Float((min(Double(pixel + 1), end) - max(Double(pixel), start)) / (end - start))
    }
    return Taps(rows: first..<last, weights: weights)
  }

  private static func linear(at place: Double, _ size: Int) -> Taps {
    let inside = min(max(place, 0), Double(size - 1))
    let first = min(Int(inside), max(size - 2, 0))
    guard size > 1 else { return Taps(rows: 0..<1, weights: [1]) }
    let part = Float(inside - Double(first))
    return Taps(rows: first..<first + 2, weights: [1 - part, part])
  }

  /// One row of pixels, made narrower or wider.
  func apply(to pixels: [UInt8], row: Int, channels: Int) -> [Float] {
    let start = row * size * channels
    var result = [Float](repeating: 0, count: taps.count * channels)
    for (x, taps) in taps.enumerated() {
      for (pixel, weight) in zip(taps.rows, taps.weights) {
        for channel in 0..<channels {
          result[x * channels + channel] +=
            weight * Float(pixels[start + pixel * channels + channel])
        }
      }
    }
    return result
  }
}
