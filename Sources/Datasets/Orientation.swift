/// How stored pixels become upright, EXIF tag 0x0112: 1 unchanged, 2 to 4 mirrored or rotated by
/// 180 degrees, 5 to 8 with rows and columns exchanged.
struct Orientation: Hashable, Sendable {
  /// 1 to 8.
  let value: Int

  static let upright = Orientation(1)

  /// Any other value counts as 1.
  init(_ value: Int) {
    self.value = (1...8).contains(value) ? value : 1
  }

  var exchangesAxes: Bool { value >= 5 }

  /// Height and width, exchanged if the orientation exchanges rows and columns.
  func size(_ height: Int, _ width: Int) -> (height: Int, width: Int) {
    exchangesAxes ? (width, height) : (height, width)
  }

  /// Where the pixel (x, y) of the upright image is in the stored image, which has this size.
  func stored(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch value {
    case 2: (width - 1 - x, y)
    case 3: (width - 1 - x, height - 1 - y)
    case 4: (x, height - 1 - y)
    case 5: (y, x)
    case 6: (y, height - 1 - x)
    case 7: (width - 1 - y, height - 1 - x)
    case 8: (width - 1 - y, x)
    default: (x, y)
    }
  }

  /// The upright form of stored pixels `[height, width, channels]`.
  func upright(_ pixels: [UInt8], height: Int, width: Int, channels: Int) -> [UInt8] {
    guard value != 1 else { return pixels }
    let size = size(height, width)
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let place = stored(x: x, y: y, width: width, height: height)
        let start = (place.y * width + place.x) * channels
        result += pixels[start..<start + channels]
      }
    }
    return result
  }

  /// A rectangle of the upright image in coordinates of the stored image.
  func stored(_ window: ImageWindow, width: Int, height: Int) -> ImageWindow {
    let first = stored(
      x: window.columns.lowerBound, y: window.rows.lowerBound, width: width, height: height)
    let last = stored(
      x: window.columns.upperBound - 1, y: window.rows.upperBound - 1, width: width, height: height)
    return ImageWindow(
      rows: min(first.y, last.y)..<max(first.y, last.y) + 1,
      columns: min(first.x, last.x)..<max(first.x, last.x) + 1)
  }

  /// The orientation in EXIF data (a TIFF header and the following data); upright if the data are
  /// invalid or have none.
  init(exif bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    let isLittle = bytes.starts(with: [0x49, 0x49])
    func number(_ offset: Int, _ count: Int) -> Int {
      guard offset >= 0, offset + count <= bytes.count else { return 0 }
      let part = bytes[offset..<offset + count]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    var value = 1
    if isLittle || bytes.starts(with: [0x4d, 0x4d]), number(2, 2) == 42 {
      let directory = number(4, 4)
      for entry in 0..<number(directory, 2) {
        let place = directory + 2 + 12 * entry
        guard place + 12 <= bytes.count else { break }
        // A 16-bit number is at the beginning of the entry's four bytes.
        if number(place, 2) == 0x0112 { value = number(place + 8, 2) }
      }
    }
    self.init(value)
  }
}

/// A rectangle of an image.
struct ImageWindow: Hashable, Sendable {
  let rows: Range<Int>
  let columns: Range<Int>
}
