import CJPEG
import CPNG

/// PNG and JPEG files, told apart by their first bytes: libpng's simplified API and TurboJPEG,
/// whose errors come back as values.
enum ImageFile {
  static let extensions: Set<String> = ["png", "jpg", "jpeg"]
  /// 268 million pixels, 0.8 GB decoded; a header that claims more is not believed.
  private static let largestPixelCount = 1 << 28

  /// Transparent places of a PNG are white. A JPEG's EXIF orientation is not looked at.
  static func decode(_ file: [UInt8], path: String) throws(DatasetError) -> RasterImage {
    if file.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return try decodePNG(file, path: path) }
    if file.starts(with: [0xff, 0xd8]) { return try decodeJPEG(file, path: path) }
    throw failure(path, "bytes that begin neither as PNG nor as JPEG")
  }

  private static func decodePNG(
    _ file: [UInt8], path: String
  ) throws(DatasetError) -> RasterImage {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    // libpng reads from the bytes until the second call is done.
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
    defer { input.deallocate() }
    _ = input.initialize(from: file)
    guard png_image_begin_read_from_memory(&image, input.baseAddress, input.count) != 0 else {
      throw failure(path, reason(image))
    }
    let isGray = image.format & UInt32(PNG_FORMAT_FLAG_COLOR) == 0
    let (width, height) = (Int(image.width), Int(image.height))
    try checkSize(width, height, path: path)
    image.format = UInt32(PNG_FORMAT_RGB)
    var white = png_color(red: 255, green: 255, blue: 255)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    guard png_image_finish_read(&image, &white, &pixels, 0, nil) != 0 else {
      throw failure(path, reason(image))
    }
    return RasterImage(width: width, height: height, pixels: pixels, isGray: isGray)
  }

  private static func decodeJPEG(
    _ file: [UInt8], path: String
  ) throws(DatasetError) -> RasterImage {
    guard let decoder = tjInitDecompress() else {
      throw failure(path, "no memory for TurboJPEG's decoder")
    }
    defer { tjDestroy(decoder) }
    var (width, height, subsampling, colors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(
        decoder, file, UInt(file.count), &width, &height, &subsampling, &colors) == 0
    else { throw failure(path, String(cString: tjGetErrorStr2(decoder))) }
    try checkSize(Int(width), Int(height), path: path)
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * 3)
    // A file that breaks off is a warning to TurboJPEG, which fills up with gray: not to us.
    guard
      tjDecompress2(
        decoder, file, UInt(file.count), &pixels, width, 0, height, Int32(TJPF_RGB.rawValue),
        TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) == 0
    else { throw failure(path, String(cString: tjGetErrorStr2(decoder))) }
    return RasterImage(
      width: Int(width), height: Int(height), pixels: pixels,
      isGray: colors == TJCS_GRAY.rawValue)
  }

  private static func checkSize(
    _ width: Int, _ height: Int, path: String
  ) throws(DatasetError) {
    guard width > 0, height > 0, width * height <= largestPixelCount else {
      throw failure(path, "\(width)×\(height) pixels")
    }
  }

  private static func reason(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { message in
      String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static func failure(_ path: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: "a PNG or JPEG image that can be decoded", received: received,
      advice: "replace the file or take it out of the folder")
  }
}
