/// A table's text, which is read part by part from its file.
final class CSVParts {
  private var reader: FileReader
  private let encoding: CSVEncoding
  private var position = 0
  /// The bytes that are read at once, at least.
  private let partByteCount: Int

  private static let longest = 64 << 20
  /// Separator and decimal sign are looked for in the first part.
  private static let firstByteCount = 1 << 17

  /// - Parameter encoding: of all bytes that are needed.
  init(
    _ path: String, _ encoding: CSVEncoding, partByteCount: Int = 1 << 20
  ) throws(DatasetError) {
    reader = try FileReader(path)
    self.encoding = encoding
    self.partByteCount = partByteCount
  }

  /// The next part; `nil` at the end.
  /// - Parameters:
  ///   - count: the bytes of a record that goes on in it. The longer, the more is read.
  ///   - line: where that begins.
  func next(after count: Int, line: Int) throws(DatasetError) -> [UInt8]? {
    let left = encoding.byteCount - position
    guard left > 0 else { return nil }
    guard count <= Self.longest else {
      throw .unexpected(
        place: "\(reader.path), line \(line)",
        expected:
          "lines of at most \(AvailableMemory.text(Self.longest)) in a table that is read in parts",
        received: "a longer one", advice: "check that its quotes are closed")
    }
    let size = max(partByteCount, count, position == 0 ? Self.firstByteCount : 1)
    let bytes = try reader.read(min(size, left))
    guard !bytes.isEmpty else { throw changed }
    defer { position += bytes.count }
    return bytes.withUnsafeBytes { encoding.text($0, at: position) }
  }

  /// Throws if these are not the bytes of a file that was read before.
  func expect(_ file: DatasetFile) throws(DatasetError) {
    _ = try reader.skipToEnd()
    guard try reader.finish().sha256 == file.sha256 else { throw changed }
  }

  private var changed: DatasetError {
    .unexpected(
      place: reader.path, expected: "a file that stays the same while it is read",
      received: "one that was changed", advice: "wait until it is complete, and start again")
  }
}
