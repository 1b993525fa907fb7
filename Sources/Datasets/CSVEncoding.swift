import Glibc

/// How the bytes of a table's file are read as text: UTF-8 with or without a byte-order mark, or
/// Windows-1252, which contains Latin-1, if they are not UTF-8. It needs all of them, part by part.
struct CSVEncoding {
  /// The beginning of the file.
  private var start: [UInt8] = []
  /// The bytes so far, and the last of them.
  private(set) var byteCount = 0
  private var last: UInt8 = 0
  /// An incomplete character at the end of the parts so far.
  private var tail: [UInt8] = []
  private var isUTF8 = true
  /// The offset of the first byte 0.
  private var zero: Int?

  private static let startCount = 4096
  private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Takes in the next part of the file.
  mutating func add(_ part: UnsafeRawBufferPointer) {
    guard let last = part.last else { return }
    start += part.prefix(max(Self.startCount + Self.mark.count - start.count, 0))
    var bits: UInt8 = 0
    for byte in part { bits |= byte }
    let isASCII = bits < 0x80
    if zero == nil {
      zero = memchr(part.baseAddress!, 0, part.count).map {
        byteCount + (UnsafeRawPointer($0) - part.baseAddress!)
      }
    }
    if isUTF8, !tail.isEmpty || !isASCII { validate(tail + part) }
    byteCount += part.count
    self.last = last
  }

  private mutating func validate(_ bytes: [UInt8]) {
    // The last character begins with one of the last three bytes if it is incomplete.
    var end = bytes.count
    for index in bytes.indices.suffix(3).reversed() where bytes[index] & 0xc0 != 0x80 {
      let size = bytes[index] >= 0xf0 ? 4 : bytes[index] >= 0xe0 ? 3 : bytes[index] >= 0xc0 ? 2 : 1
      if size > bytes.count - index { end = index }
      break
    }
    tail = Array(bytes[end...])
    isUTF8 = String(validating: bytes[..<end], as: UTF8.self) != nil
  }

  private var isWindows1252: Bool { !isUTF8 || !tail.isEmpty }
  private var hasMark: Bool { start.starts(with: Self.mark) }

  /// What the user should know.
  var note: String? {
    isWindows1252 ? "the file is not UTF-8 and was read as Windows-1252 (Latin-1)" : nil
  }

  /// Whether the first part begins as UTF-16 does.
  var isUTF16: Bool {
    !isUTF32 && (start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]))
  }
  private var isUTF32: Bool {
    start.starts(with: [0xff, 0xfe, 0, 0]) || start.starts(with: [0, 0, 0xfe, 0xff])
  }

  /// Throws if the parts so far are no text.
  func expectText(path: String) throws(DatasetError) {
    guard !isUTF32 else { throw CSVText.noText(path, "UTF-32") }
    let text = start.withUnsafeBytes { self.text($0, at: 0) }
    let isBinary = text.prefix(Self.startCount).contains { $0 < 9 || (14..<32).contains($0) }
    if isBinary, let format = ForeignFormat.begun(by: text.prefix(16)) {
      throw .unexpected(
        place: path, expected: "a text file, as its extension says", received: format.name,
        advice: format.advice)
    }
    if let zero { throw CSVText.noText(path, "a byte 0 at offset \(zero)") }
  }

  /// Whether the text has the bytes of the file.
  var isUnchanged: Bool { !hasMark && !isWindows1252 && last != 0x1a }

  /// A part of the file as UTF-8, without a byte-order mark and without a Ctrl-Z at its end.
  /// - Parameter offset: the part's offset in the file.
  func text(_ part: UnsafeRawBufferPointer, at offset: Int) -> [UInt8] {
    var part = part[...]
    if offset == 0, hasMark { part = part.dropFirst(Self.mark.count) }
    if last == 0x1a, part.endIndex + offset == byteCount { part = part.dropLast() }
    return isWindows1252 ? part.flatMap(Self.utf8) : Array(part)
  }

  /// A byte of Windows-1252.
  private static func utf8(_ byte: UInt8) -> [UInt8] {
    guard byte >= 0x80 else { return [byte] }
    let value = byte < 0xa0 ? upper[Int(byte) - 0x80] : UInt32(byte)
    return Array(String(Unicode.Scalar(value)!).utf8)
  }

  /// What 0x80 to 0x9f stand for.
  private static let upper: [UInt32] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
  ]
}
