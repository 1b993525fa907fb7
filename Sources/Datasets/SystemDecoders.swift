import CImages

/// WebP by the system's libwebp, if it is installed; animations are not read.
final class WebPDecoder: ImageDecoder {
  let header: ImageHeader
  private let path: String
  private let file: [UInt8]
  private var pixels: UnsafeMutablePointer<UInt8>?
  private var row = 0
  private var rows = PixelRows(width: 0)

  init(_ file: [UInt8], path: String) throws(DatasetError) {
    guard ImageFormat.webP.isReadable else {
      throw ImageFile.failure(path, "WebP, and no libwebp is installed (Debian: libwebp7)")
    }
    var (width, height): (Int32, Int32) = (0, 0)
    guard images_webp_size(file, file.count, &width, &height) != 0 else {
      throw ImageFile.failure(path, "a broken WebP header")
    }
    self.path = path
    self.file = file
    header = ImageHeader(
      width: Int(width), height: Int(height), orientation: Self.orientation(of: file))
  }

  deinit {
    images_webp_free(pixels)
  }

  func start(forHeight: Int, width: Int) throws(DatasetError) -> (height: Int, width: Int) {
    try ImageFile.checkSize(header, path: path)
    rows = PixelRows(width: header.width)
    pixels = images_webp_pixels(file, file.count)
    guard pixels != nil else {
      throw ImageFile.failure(path, "WebP pixels that libwebp cannot decode, or an animation")
    }
    return (header.height, header.width)
  }

  func withNextRow(
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) throws(DatasetError) {
    rows.withColors(of: pixels! + 4 * header.width * row, body)
    row += 1
  }

  /// The orientation in the chunk `EXIF` of the RIFF file.
  private static func orientation(of file: [UInt8]) -> Orientation {
    var place = 12
    while place + 8 <= file.count {
      let size = file[place + 4..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard place + 8 + size <= file.count else { break }
      if file[place..<place + 4].elementsEqual("EXIF".utf8) {
        let contents = file[place + 8..<place + 8 + size]
        // Some programs write the JPEG prefix into it.
        return Orientation(
          exif: contents.starts(with: Array("Exif\0\0".utf8)) ? contents.dropFirst(6) : contents)
      }
      place += 8 + size + size % 2
    }
    return .upright
  }
}

/// TIFF by the system's libtiff, if it is installed: the first page, if libtiff can convert it to
/// RGBA (gray, palettes, RGB, CMYK, YCbCr; no floats).
final class TIFFDecoder: ImageDecoder {
  let header: ImageHeader
  private let path: String
  private let tiff: OpaquePointer
  private let isPremultiplied: Bool
  private let file: UnsafeMutableBufferPointer<UInt8>
  private var pixels: [UInt8] = []
  private var row = 0
  private var rows = PixelRows(width: 0)

  init(_ bytes: [UInt8], path: String) throws(DatasetError) {
    guard ImageFormat.tiff.isReadable else {
      throw ImageFile.failure(path, "TIFF, and no libtiff is installed (Debian: libtiff6)")
    }
    let file = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = file.initialize(from: bytes)
    var found = images_tiff_header()
    var reason = [CChar](repeating: 0, count: Int(IMAGES_ERROR_SIZE))
    guard let tiff = images_tiff_open(file.baseAddress, file.count, &found, &reason) else {
      file.deallocate()
      throw ImageFile.failure(path, text(reason))
    }
    self.path = path
    self.file = file
    self.tiff = tiff
    isPremultiplied = found.is_premultiplied != 0
    header = ImageHeader(
      width: Int(found.width), height: Int(found.height), isGray: found.is_gray != 0,
      orientation: Orientation(Int(found.orientation)), isDeep: found.is_deep != 0,
      hasMorePages: found.has_more_pages != 0)
  }

  deinit {
    images_tiff_close(tiff)
    file.deallocate()
  }

  func start(forHeight: Int, width: Int) throws(DatasetError) -> (height: Int, width: Int) {
    try ImageFile.checkSize(header, path: path)
    rows = PixelRows(width: header.width)
    pixels = [UInt8](repeating: 0, count: 4 * header.width * header.height)
    var reason = [CChar](repeating: 0, count: Int(IMAGES_ERROR_SIZE))
    guard images_tiff_pixels(tiff, &pixels, &reason) != 0 else {
      throw ImageFile.failure(path, text(reason))
    }
    return (header.height, header.width)
  }

  func withNextRow(
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) throws(DatasetError) {
    pixels.withUnsafeBufferPointer { pixels in
      rows.withColors(
        of: pixels.baseAddress! + 4 * header.width * row, isPremultiplied: isPremultiplied,
        body)
    }
    row += 1
  }
}
