import CJPEG

/// JPEG by TurboJPEG: gray, YCbCr, RGB, CMYK and YCCK, baseline and progressive.
///
/// CMYK is converted by `R = C · K / 255`, without a colour profile, where the inks are inverted as
/// Adobe's programs store them (those of other programs are inverted first). An image of more than
/// 134 million pixels is decoded at an eighth, a quarter or half of its size if that is still large
/// enough.
final class JPEGDecoder: ImageDecoder {
  let header: ImageHeader
  private let path: String
  private let file: [UInt8]
  private let decoder: tjhandle
  private let markers: JPEGMarkers
  /// RGB or CMYK.
  private var pixels: [UInt8] = []
  private var width = 0
  private var row = 0

  init(_ file: [UInt8], path: String) throws(DatasetError) {
    guard let decoder = tjInitDecompress() else {
      throw ImageFile.failure(path, "no memory for TurboJPEG's decoder")
    }
    var (width, height, subsampling, colors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      Self.isRead(
        tjDecompressHeader3(
          decoder, file, UInt(file.count), &width, &height, &subsampling, &colors), decoder)
    else {
      defer { tjDestroy(decoder) }
      throw ImageFile.failure(path, String(cString: tjGetErrorStr2(decoder)))
    }
    self.path = path
    self.file = file
    self.decoder = decoder
    markers = JPEGMarkers(file)
    header = ImageHeader(
      width: Int(width), height: Int(height), isGray: colors == TJCS_GRAY.rawValue,
      orientation: markers.orientation,
      isCMYK: colors == TJCS_CMYK.rawValue || colors == TJCS_YCCK.rawValue)
  }

  deinit {
    tjDestroy(decoder)
  }

  func start(forHeight height: Int, width: Int) throws(DatasetError) -> (height: Int, width: Int) {
    let size = try size(forHeight: height, width: width)
    self.width = size.width
    let channels = header.isCMYK ? 4 : 3
    pixels = [UInt8](repeating: 0, count: size.width * size.height * channels)
    let status = tjDecompress2(
      decoder, file, UInt(file.count), &pixels, Int32(size.width), 0, Int32(size.height),
      Int32((header.isCMYK ? TJPF_CMYK : TJPF_RGB).rawValue),
      TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
    guard Self.isRead(status, decoder) else {
      throw ImageFile.failure(path, String(cString: tjGetErrorStr2(decoder)))
    }
    return size
  }

  /// A truncated file is only a warning for TurboJPEG, which fills the rest with gray; here it is
  /// an error. Bytes between segments, which some cameras write, are harmless.
  private static func isRead(_ status: Int32, _ decoder: tjhandle) -> Bool {
    status == 0
      || tjGetErrorCode(decoder) == TJERR_WARNING.rawValue
        && String(cString: tjGetErrorStr2(decoder)).contains("extraneous bytes")
  }

  func withNextRow(
    _ body: (_ colors: UnsafeBufferPointer<UInt8>, _ isTransparent: Bool) -> Void
  ) throws(DatasetError) {
    let channels = header.isCMYK ? 4 : 3
    pixels.withUnsafeBufferPointer { pixels in
      let own = UnsafeBufferPointer(
        rebasing: pixels[row * width * channels..<(row + 1) * width * channels])
      guard header.isCMYK else { return body(own, false) }
      let invert = markers.isAdobe ? 0 : 255
      let colors = (0..<3 * width).map { index in
        let ink = abs(invert - Int(own[4 * (index / 3) + index % 3]))
        let black = abs(invert - Int(own[4 * (index / 3) + 3]))
        return UInt8((ink * black + 127) / 255)
      }
      colors.withUnsafeBufferPointer { body($0, false) }
    }
    row += 1
  }

  /// The file's own size, or the largest smaller size that the decoder supports, if the file is too
  /// large and that size is at least the requested one.
  private func size(
    forHeight height: Int, width: Int
  ) throws(DatasetError) -> (height: Int, width: Int) {
    guard header.width * header.height > ImageFile.largestPixelCount else {
      try ImageFile.checkSize(header, path: path)
      return (header.height, header.width)
    }
    // A progressive file keeps all coefficients in memory, whatever the requested size.
    if !markers.isProgressive {
      for divisor in [2, 4, 8] {
        let size = (
          height: (header.height + divisor - 1) / divisor,
          width: (header.width + divisor - 1) / divisor
        )
        if size.height * size.width <= ImageFile.largestPixelCount, size.height >= height,
          size.width >= width
        {
          return size
        }
      }
    }
    throw ImageFile.tooLarge(path, header)
  }
}

/// The facts in the segments before a JPEG's pixels.
private struct JPEGMarkers {
  private(set) var orientation = Orientation.upright
  private(set) var isAdobe = false
  private(set) var isProgressive = false

  init(_ file: [UInt8]) {
    var place = 2
    while place + 4 <= file.count {
      let marker = file[place + 1]
      // Fill bytes and meaningless bytes may precede a marker.
      if file[place] != 0xff || marker == 0xff {
        place += 1
        continue
      }
      let size = Int(file[place + 2]) << 8 | Int(file[place + 3])
      guard size >= 2, place + 2 + size <= file.count else { return }
      let contents = file[place + 4..<place + 2 + size]
      switch marker {
      case 0xe1 where contents.starts(with: Array("Exif\0\0".utf8)):
        orientation = Orientation(exif: contents.dropFirst(6))
      case 0xee where contents.starts(with: Array("Adobe".utf8)): isAdobe = true
      case 0xc2, 0xc6, 0xca, 0xce: isProgressive = true
      case 0xda: return
      default: break
      }
      place += 2 + size
    }
  }
}
