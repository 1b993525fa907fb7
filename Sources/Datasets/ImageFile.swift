/// An open image file: its size and format are known, its pixels are not decoded yet.
struct ImageFile {
  let path: String
  let format: ImageFormat
  /// The width of the upright image.
  let width: Int
  let height: Int
  /// Whether the image is grayscale.
  let isGray: Bool
  let orientation: Orientation
  /// Whether it has 16 bits per channel or more; 8 are kept.
  let isDeep: Bool
  /// Whether it has four inks, which become RGB without a colour profile.
  let isCMYK: Bool
  /// Whether it has more pages than the first, which is read.
  let hasMorePages: Bool
  private let decoder: any ImageDecoder

  /// 134 million pixels, 0.4 GB as RGB. Larger images are read only if they can be decoded row by
  /// row or at a smaller size.
  static let largestPixelCount = 1 << 27

  /// Throws if the bytes are not an image in a supported format.
  init(_ file: [UInt8], path: String) throws(DatasetError) {
    guard let format = ImageFormat(file) else {
      throw Self.failure(path, "a file of another format")
    }
    let decoder: any ImageDecoder =
      switch format {
      case .png: try PNGDecoder(file, path: path)
      case .jpeg: try JPEGDecoder(file, path: path)
      case .webP: try WebPDecoder(file, path: path)
      case .tiff: try TIFFDecoder(file, path: path)
      }
    let header = decoder.header
    guard header.width > 0, header.height > 0 else {
      throw Self.failure(path, "\(header.width)×\(header.height) pixels")
    }
    self.path = path
    self.format = format
    self.decoder = decoder
    (height, width) = header.orientation.size(header.height, header.width)
    (isGray, orientation, isDeep) = (header.isGray, header.orientation, header.isDeep)
    (isCMYK, hasMorePages) = (header.isCMYK, header.hasMorePages)
  }

  /// The image's `[H, W, C]`.
  var shape: [Int] { [height, width, isGray ? 1 : 3] }

  /// The pixels in a shape `[H, W, 1 or 3]`, upright, and whether some were transparent: these are
  /// on a white background.
  func pixels(
    _ shape: [Int], fit: ImageFit
  ) throws(DatasetError) -> (pixels: [UInt8], isTransparent: Bool) {
    precondition(shape.count == 3 && (shape[2] == 1 || shape[2] == 3), "[H, W, 1 or 3]")
    let placing = ImagePlacing(height: height, width: width, shape: shape, fit: fit)
    let header = decoder.header
    // The image is resized as it is stored; the few pixels of the result are rotated.
    let inner = orientation.size(placing.target.rows.count, placing.target.columns.count)
    let decoded = try decoder.start(forHeight: inner.height, width: inner.width)
    // A decoder may return a smaller image than the file's: then the window is scaled, too.
    func scaled(_ range: Range<Int>, _ from: Int, _ to: Int) -> Range<Int> {
      guard from != to else { return range }
      let start = range.lowerBound * to / from
      return start..<max(range.upperBound * to / from, start + 1)
    }
    let window = orientation.stored(placing.source, width: header.width, height: header.height)
    var resizer = RowResizer(
      ImageWindow(
        rows: scaled(window.rows, header.height, decoded.height),
        columns: scaled(window.columns, header.width, decoded.width)),
      height: inner.height, width: inner.width, channels: shape[2])
    var isTransparent = false
    // All rows are read, so that a truncated file is detected.
    for _ in 0..<decoded.height {
      try decoder.withNextRow { (colors, transparent) in
        resizer.add(colors)
        isTransparent = isTransparent || transparent
      }
    }
    let own = orientation.upright(
      resizer.pixels, height: inner.height, width: inner.width, channels: shape[2])
    return (Self.place(own, in: shape, at: placing.target), isTransparent)
  }

  private static func place(_ pixels: [UInt8], in shape: [Int], at window: ImageWindow) -> [UInt8] {
    guard window.rows.count < shape[0] || window.columns.count < shape[1] else { return pixels }
    var result = [UInt8](repeating: 0, count: shape.reduce(1, *))
    let size = window.columns.count * shape[2]
    for row in 0..<window.rows.count {
      let start = ((window.rows.lowerBound + row) * shape[1] + window.columns.lowerBound) * shape[2]
      result.replaceSubrange(start..<start + size, with: pixels[row * size..<(row + 1) * size])
    }
    return result
  }

  static func failure(_ path: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: "a PNG, JPEG, WebP or TIFF image that can be decoded",
      received: received, advice: "replace the file or remove it from the folder")
  }

  /// Throws if an image that must be decoded as a whole would need too much memory.
  static func checkSize(_ header: ImageHeader, path: String) throws(DatasetError) {
    let count = header.width * header.height
    guard count <= largestPixelCount else { throw tooLarge(path, header) }
    try AvailableMemory.check(
      4 * count, place: path, what: "\(header.width)×\(header.height) pixels"
    ) { _ in "make it smaller or remove it from the folder" }
  }

  static func tooLarge(_ path: String, _ header: ImageHeader, factor: Int = 1) -> DatasetError {
    .unexpected(
      place: path,
      expected: "an image of at most \(factor * largestPixelCount / 1_000_000) million pixels",
      received: "\(header.width)×\(header.height)",
      advice: "make it smaller or remove it from the folder")
  }
}

/// The facts in a file's header about its pixels as they are stored.
struct ImageHeader {
  var width: Int
  var height: Int
  var isGray = false
  var orientation = Orientation.upright
  var isDeep = false
  var isCMYK = false
  var hasMorePages = false
}

/// A decoder of one format, which returns the pixels row by row as they are stored.
protocol ImageDecoder: AnyObject {
  var header: ImageHeader { get }

  /// Prepares decoding for a result of this size. Returns the size of the decoded image: that of
  /// the header, or a smaller one that is still at least the requested size.
  func start(forHeight height: Int, width: Int) throws(DatasetError) -> (height: Int, width: Int)

  /// Passes the next row as RGB, and whether one of its pixels was transparent.
  func withNextRow(
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) throws(DatasetError)
}
