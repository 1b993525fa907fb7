/// The bytes of a table's file as UTF-8, for any encoding that a spreadsheet writes.
struct CSVText {
  let bytes: [UInt8]
  /// What the user should know of the encoding.
  let note: String?

  /// Reads UTF-8 with or without a byte-order mark, UTF-16 with one, and other bytes as
  /// Windows-1252, which contains Latin-1. A Ctrl-Z at the end is ignored.
  ///
  /// Throws if the bytes are not text: UTF-32, UTF-16 without a mark, or another format.
  init(_ file: [UInt8], path: String) throws(DatasetError) {
    var encoding = CSVEncoding()
    file.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
        encoding.add(
          UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 20, bytes.count)]))
      }
    }
    guard encoding.isUTF16 else {
      try encoding.expectText(path: path)
      bytes = encoding.isUnchanged ? file : file.withUnsafeBytes { encoding.text($0, at: 0) }
      note = encoding.note
      return
    }
    guard file.count.isMultiple(of: 2) else { throw Self.noText(path, "half of a UTF-16 unit") }
    let isBig = file[0] == 0xfe
    let units = stride(from: 2, to: file.count, by: 2).map { index in
      UInt16(file[index + (isBig ? 0 : 1)]) << 8 | UInt16(file[index + (isBig ? 1 : 0)])
    }
    var bytes = Array(String(decoding: units, as: UTF16.self).utf8)
    if bytes.last == 0x1a { bytes.removeLast() }
    if let index = bytes.firstIndex(of: 0) {
      throw Self.noText(path, "a byte 0 at offset \(index)")
    }
    self.bytes = bytes
    note = nil
  }

  static func noText(_ path: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: "text in UTF-8, or in UTF-16 with a byte-order mark",
      received: received, advice: "save it as CSV in UTF-8")
  }
}
