/// An error in a data set, with the facts that the user needs to fix it.
package enum DatasetError: Error, Hashable, Sendable {
  case unknownName(String, known: [String])
  case notFound(name: String, searched: [String], package: String?)
  case missingFile(folder: String, name: String)
  case unreadable(path: String, reason: String)
  case gzipTruncated(path: String, byteCount: Int)
  case gzipCorrupt(path: String, offset: Int)
  case gzipTrailingBytes(path: String, count: Int)
  case notIDX(path: String, magic: [UInt8])
  case unsupportedElements(path: String, type: UInt8)
  case unexpectedRank(path: String, expected: Int, received: Int)
  case empty(path: String, shape: [Int])
  case tooLarge(path: String, shape: [Int])
  case truncated(path: String, expected: Int, received: Int)
  case trailingBytes(path: String, expected: Int, received: Int)
  case countsDiffer(path: String, images: Int, labels: Int)
  case shapesDiffer(path: String, expected: [Int], received: [Int])
  case labelOutOfRange(path: String, label: UInt8, classes: Int)
  case emptySplit(fraction: Double, count: Int)
  /// Found by the reader of a format; `place` is a path, or a path with a line or an array's name.
  case unexpected(place: String, expected: String, received: String, advice: String)
}

extension DatasetError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do. Control characters in names
  /// and texts of files are escaped.
  package var description: String { sentence.printable(nil) }

  private var sentence: String {
    switch self {
    case .unknownName(let name, let known):
      "data: expected \(known.joined(separator: ", ")), or \(DatasetSource.paths), received \(name); "
        + "check the spelling or the path"
    case .notFound(let name, let searched, let package):
      "\(name): expected its four IDX files in \(searched.joined(separator: ", ")), found none; "
        + "run aegpu data fetch \(name), or "
        + (package.map { "install the Debian package \($0)" }
          ?? "put the files into \(searched[0]), or into another folder's subfolder \(name) and name that folder "
          + "with --data-dir")
    case .missingFile(let folder, let name):
      "\(folder): expected \(name) or \(name).gz, found neither; put the file there"
    case .unreadable(let path, let reason):
      "\(path): expected a file that can be read, received: \(reason); check the path and its "
        + "permissions"
    case .gzipTruncated(let path, let byteCount):
      "\(path): expected a complete gzip stream, received one that ends after \(byteCount) "
        + "bytes; download the file again"
    case .gzipCorrupt(let path, let offset):
      "\(path): expected a gzip stream, received invalid bytes near offset \(offset); "
        + "download the file again"
    case .gzipTrailingBytes(let path, let count):
      "\(path): expected the file to end with its gzip stream, received \(count) more bytes; "
        + "download the file again"
    case .notIDX(let path, let magic):
      "\(path): expected an IDX file, which begins with 00 00, received \(hex(magic)); "
        + "check that it is the right file"
    case .unsupportedElements(let path, let type):
      "\(path): expected unsigned bytes (08), received \(elementName(type)) (\(hex([type]))); "
        + "convert the file to unsigned bytes"
    case .unexpectedRank(let path, let expected, let received):
      "\(path): expected \(expected) dimensions, received \(received); "
        + "check that the files of images and labels are not exchanged"
    case .empty(let path, let shape):
      "\(path): expected dimensions of at least 1, received \(shape); download the file again"
    case .tooLarge(let path, let shape):
      "\(path): expected dimensions whose product has at most 62 bits, received \(shape); "
        + "download the file again"
    case .truncated(let path, let expected, let received):
      "\(path): expected \(expected) bytes, received \(received); download the file again"
    case .trailingBytes(let path, let expected, let received):
      "\(path): expected \(expected) bytes, received \(received), \(received - expected) too many; "
        + "download the file again"
    case .countsDiffer(let path, let images, let labels):
      "\(path): expected one label per image, \(images) labels, received \(labels) labels; "
        + "take both files from the same data set"
    case .shapesDiffer(let path, let expected, let received):
      "\(path): expected test images of the training images' shape \(expected), received "
        + "\(received); take all four files from the same data set"
    case .labelOutOfRange(let path, let label, let classes):
      "\(path): expected labels from 0 to \(classes - 1), received \(label); "
        + "download the file again, or pass the folder's path if it is another data set"
    case .emptySplit(let fraction, let count):
      "validation: expected a fraction that leaves examples in both parts of a split of \(count), "
        + "received \(fraction); choose one between 0 and 1, such as 0.1"
    case .unexpected(let place, let expected, let received, let advice):
      "\(place): expected \(expected), received \(received.printable(400)); \(advice)"
    }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  private func elementName(_ type: UInt8) -> String {
    switch type {
    case 0x09: "signed bytes"
    case 0x0b: "16-bit integers"
    case 0x0c: "32-bit integers"
    case 0x0d: "32-bit floats"
    case 0x0e: "64-bit floats"
    default: "an unknown type"
    }
  }
}
