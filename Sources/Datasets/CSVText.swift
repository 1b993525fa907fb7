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
    var note: String?
    var bytes: [UInt8]
    if file.starts(with: [0xff, 0xfe, 0, 0]) || file.starts(with: [0, 0, 0xfe, 0xff]) {
      throw Self.noText(path, "UTF-32")
    } else if file.starts(with: [0xff, 0xfe]) || file.starts(with: [0xfe, 0xff]) {
      guard file.count.isMultiple(of: 2) else { throw Self.noText(path, "half of a UTF-16 unit") }
      let isBig = file[0] == 0xfe
      let units = stride(from: 2, to: file.count, by: 2).map { index in
        UInt16(file[index + (isBig ? 0 : 1)]) << 8 | UInt16(file[index + (isBig ? 1 : 0)])
      }
      bytes = Array(String(decoding: units, as: UTF16.self).utf8)
    } else {
      bytes = file
      if file.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
      if bytes.contains(where: { $0 >= 0x80 }), String(validating: bytes, as: UTF8.self) == nil {
        bytes = Self.windows1252(bytes)
        note = "the file is not UTF-8 and was read as Windows-1252 (Latin-1)"
      }
    }
    if bytes.last == 0x1a { bytes.removeLast() }
    let isBinary = bytes.prefix(4096).contains { $0 < 9 || (14..<32).contains($0) }
    if isBinary, let format = ForeignFormat.begun(by: bytes.prefix(16)) {
      throw .unexpected(
        place: path, expected: "a text file, as its extension says", received: format.name,
        advice: format.advice)
    }
    if let index = bytes.firstIndex(of: 0) {
      throw Self.noText(path, "a byte 0 at offset \(index)")
    }
    self.bytes = bytes
    self.note = note
  }

  private static func noText(_ path: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: "text in UTF-8, or in UTF-16 with a byte-order mark",
      received: received, advice: "save it as CSV in UTF-8")
  }

  private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let value = (0x80...0x9f).contains(byte) ? upper[Int(byte) - 0x80] : UInt32(byte)
      text.append(Unicode.Scalar(value)!)
    }
    return Array(String(text).utf8)
  }

  /// What 0x80 to 0x9f stand for.
  private static let upper: [UInt32] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
  ]
}
