import CPNG

/// PNG files by libpng's simplified API, which returns errors as values.
package enum PNG {
  /// The bytes of a PNG file with the picture, gray or sRGB, 8 bits per channel.
  ///
  /// Throws `.notEncoded` with libpng's reason.
  package static func encode(_ picture: Picture) throws(ReportError) -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(picture.width)
    image.height = UInt32(picture.height)
    image.format = picture.channels == 3 ? UInt32(PNG_FORMAT_RGB) : UInt32(PNG_FORMAT_GRAY)
    defer { png_image_free(&image) }

    // The first call only computes the size.
    var byteCount = 0
    guard png_image_write_to_memory(&image, nil, &byteCount, 0, picture.pixels, 0, nil) != 0 else {
      throw failure(picture, image)
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard png_image_write_to_memory(&image, &bytes, &byteCount, 0, picture.pixels, 0, nil) != 0
    else {
      throw failure(picture, image)
    }
    return bytes
  }

  /// Width and height of a PNG file, from its first chunk; `nil` for other bytes.
  package static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 24, bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47] else { return nil }
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }

  private static func failure(_ picture: Picture, _ image: png_image) -> ReportError {
    let reason = withUnsafeBytes(of: image.message) { message in
      String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .notEncoded(width: picture.width, height: picture.height, reason: reason)
  }
}
