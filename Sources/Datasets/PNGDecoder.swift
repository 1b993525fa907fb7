import CImages

/// PNG by libpng, row by row unless it is interlaced: grayscale, colour, palette, transparency. 16
/// bits become 8 by `value · 255 / 65535`; colour chunks (gamma, profiles) are ignored.
final class PNGDecoder: ImageDecoder {
  let header: ImageHeader
  private let path: String
  private let png: OpaquePointer
  /// libpng reads these bytes until the last row.
  private let file: UnsafeMutableBufferPointer<UInt8>
  private let isInterlaced: Bool
  /// The next row, or all rows of an interlaced image.
  private var pixels: [UInt8] = []
  private var row = 0
  private var rows = PixelRows(width: 0)

  init(_ bytes: [UInt8], path: String) throws(DatasetError) {
    let file = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = file.initialize(from: bytes)
    var found = images_png_header()
    var reason = [CChar](repeating: 0, count: Int(IMAGES_ERROR_SIZE))
    guard let png = images_png_open(file.baseAddress, file.count, &found, &reason) else {
      file.deallocate()
      throw ImageFile.failure(path, text(reason))
    }
    self.path = path
    self.file = file
    self.png = png
    isInterlaced = found.is_interlaced != 0
    header = ImageHeader(
      width: Int(found.width), height: Int(found.height), isGray: found.is_gray != 0,
      orientation: Orientation(
        exif: UnsafeBufferPointer(start: found.exif, count: found.exif_count)),
      isDeep: found.is_deep != 0)
  }

  deinit {
    images_png_close(png)
    file.deallocate()
  }

  /// Some rows are in memory, here and in libpng.
  private static let largestWidth = 1 << 22

  func start(forHeight: Int, width: Int) throws(DatasetError) -> (height: Int, width: Int) {
    if isInterlaced {
      try ImageFile.checkSize(header, path: path)
    } else if header.width * header.height > 8 * ImageFile.largestPixelCount {
      // Decoding row by row takes time, but no memory.
      throw ImageFile.tooLarge(path, header, factor: 8)
    } else if header.width > Self.largestWidth {
      throw .unexpected(
        place: path, expected: "an image of at most \(Self.largestWidth) pixels a row",
        received: "\(header.width)×\(header.height)",
        advice: "make it smaller or take it out of the folder")
    }
    var reason = [CChar](repeating: 0, count: Int(IMAGES_ERROR_SIZE))
    guard images_png_start(png, &reason) != 0 else {
      throw ImageFile.failure(path, text(reason))
    }
    rows = PixelRows(width: header.width)
    pixels = [UInt8](repeating: 0, count: 4 * header.width * (isInterlaced ? header.height : 1))
    if isInterlaced { try read(images_png_all) }
    return (header.height, header.width)
  }

  func withNextRow(
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) throws(DatasetError) {
    if !isInterlaced { try read(images_png_row) }
    pixels.withUnsafeBufferPointer { pixels in
      let start = isInterlaced ? 4 * header.width * row : 0
      rows.withColors(of: pixels.baseAddress! + start, body)
    }
    row += 1
  }

  private func read(
    _ call: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CChar>?) -> Int32
  ) throws(DatasetError) {
    var reason = [CChar](repeating: 0, count: Int(IMAGES_ERROR_SIZE))
    guard call(png, &pixels, &reason) != 0 else {
      throw ImageFile.failure(path, text(reason))
    }
  }
}

/// The text that a C function wrote to a buffer.
func text(_ reason: [CChar]) -> String {
  String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
