/// Resizes an image whose rows arrive one after the other, so that a large one needs little memory.
/// Each axis is resized separately: shrunk by the mean over the area that a new pixel covers,
/// enlarged by linear interpolation between pixel centres.
struct RowResizer {
  private let window: ImageWindow
  private let channels: Int
  private let rowCount: Int
  private let across: AxisFilter
  private let down: AxisFilter
  /// The next row of the whole source.
  private var row = 0
  /// The first new row that is not finished, and the sums of it and of the following started rows.
  private var first = 0
  private var sums: [[Float]] = []
  private(set) var pixels: [UInt8] = []

  /// - Parameters:
  ///   - window: the part of the source to use.
  ///   - height, width: the new size.
  ///   - channels: 1 or 3.
  init(_ window: ImageWindow, height: Int, width: Int, channels: Int) {
    self.window = window
    self.channels = channels
    rowCount = height
    across = AxisFilter(from: window.columns.count, to: width)
    down = AxisFilter(from: window.rows.count, to: height)
    pixels.reserveCapacity(height * width * channels)
  }

  /// Whether all needed rows have been added.
  var isDone: Bool { row >= window.rows.upperBound }

  /// The source's next row, RGB; for one channel, the luma `0.299 R + 0.587 G + 0.114 B` is used.
  mutating func add(_ colors: UnsafeBufferPointer<UInt8>) {
    defer { row += 1 }
    guard window.rows.contains(row) else { return }
    let own = UnsafeBufferPointer(
      rebasing: colors[3 * window.columns.lowerBound..<3 * window.columns.upperBound])
    let values = channels == 3 ? Array(own) : Self.luma(own)
    if across.isIdentity && down.isIdentity {
      pixels += values
      return
    }
    let place = row - window.rows.lowerBound
    let narrow = across.apply(to: values, channels: channels)
    var y = first
    while y < rowCount, down.taps[y].rows.lowerBound <= place {
      if y - first == sums.count { sums.append([Float](repeating: 0, count: narrow.count)) }
      let taps = down.taps[y]
      if taps.rows.contains(place) {
        let weight = taps.weights[place - taps.rows.lowerBound]
        for index in narrow.indices { sums[y - first][index] += weight * narrow[index] }
      }
      y += 1
    }
    while first < rowCount, down.taps[first].rows.upperBound == place + 1 {
      for sum in sums.removeFirst() { pixels.append(UInt8(min(max(sum + 0.5, 0), 255))) }
      first += 1
    }
  }

  private static func luma(_ colors: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    (0..<colors.count / 3).map { index in
      let red = 299 * Int(colors[3 * index])
      let green = 587 * Int(colors[3 * index + 1])
      return UInt8((red + green + 114 * Int(colors[3 * index + 2]) + 500) / 1000)
    }
  }
}

/// The source pixels of each new pixel along an axis, and their weights, which sum to 1.
private struct AxisFilter {
  struct Taps {
    let rows: Range<Int>
    let weights: [Float]
  }

  let taps: [Taps]
  let isIdentity: Bool

  init(from size: Int, to newSize: Int) {
    isIdentity = size == newSize
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

  /// One row of pixels, resized along its length.
  func apply(to pixels: [UInt8], channels: Int) -> [Float] {
    var result = [Float](repeating: 0, count: taps.count * channels)
    for (x, taps) in taps.enumerated() {
      for (pixel, weight) in zip(taps.rows, taps.weights) {
        for channel in 0..<channels {
          result[x * channels + channel] += weight * Float(pixels[pixel * channels + channel])
        }
      }
    }
    return result
  }
}
