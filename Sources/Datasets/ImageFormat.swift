import CImages

/// The supported image formats, recognised by a file's first bytes.
enum ImageFormat: String, Hashable, Sendable, CaseIterable {
  case png = "PNG"
  case jpeg = "JPEG"
  case webP = "WebP"
  case tiff = "TIFF"

  /// nil for bytes of another format.
  init?(_ file: [UInt8]) {
    if file.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      self = .png
    } else if file.starts(with: [0xff, 0xd8]) {
      self = .jpeg
    } else if file.starts(with: Array("RIFF".utf8)),
      file.dropFirst(8).starts(with: Array("WEBP".utf8))
    {
      self = .webP
    } else if file.starts(with: [0x49, 0x49, 0x2a, 0]) || file.starts(with: [0x4d, 0x4d, 0, 0x2a]) {
      self = .tiff
    } else {
      return nil
    }
  }

  /// The extensions of such files.
  var extensions: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg"]
    case .webP: ["webp"]
    case .tiff: ["tif", "tiff"]
    }
  }

  /// Whether the library that reads it is installed.
  var isReadable: Bool {
    switch self {
    case .png, .jpeg: true
    case .webP: images_webp_exists() != 0
    case .tiff: images_tiff_exists() != 0
    }
  }

  /// Whether the path has an image's extension, even if its library is missing.
  static func isImage(_ path: String) -> Bool {
    allCases.contains { $0.extensions.contains(InputFile.fileExtension(path)) }
  }

  static func isReadable(_ path: String) -> Bool {
    let ending = InputFile.fileExtension(path)
    return allCases.contains { $0.extensions.contains(ending) && $0.isReadable }
  }

  /// The extensions of images, for messages.
  static let endings =
    ".png, .jpg or .jpeg, with libwebp .webp, with libtiff .tif or .tiff"
}
