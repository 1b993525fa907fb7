/// The records of a CSV file, one after the other, by the letter of RFC 4180: fields may be quoted,
/// a quoted field may hold separators, line breaks and doubled quotes. Lines end in LF or CR LF;
/// a byte order mark and empty lines are passed over.
///
/// Own code, since errors are to name the line: SwiftCSV's readers do not, and take a quote that is
/// never closed, or a short line, for good.
struct CSV {
  /// Where a field lies, without its quotes.
  struct Field {
    let range: Range<Int>
    /// It holds quotes that are doubled.
    let hasQuotes: Bool
  }

  let bytes: [UInt8]
  /// The line on which the last record began, counted from 1.
  private(set) var line = 0
  private let path: String
  private let separator: UInt8
  private var position: Int
  private var nextLine = 1

  private static let (quote, lineFeed, carriageReturn): (UInt8, UInt8, UInt8) = (0x22, 0x0a, 0x0d)

  init(_ bytes: [UInt8], separator: Character, path: String) {
    self.bytes = bytes
    self.separator = separator.asciiValue!
    self.path = path
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// Reads the next record into `fields`; false at the end.
  mutating func next(into fields: inout [Field]) throws(DatasetError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    while skipLineBreak() {}
    guard position < bytes.count else { return false }
    line = nextLine
    while true {
      fields.append(try field())
      if position < bytes.count, bytes[position] == separator {
        position += 1
      } else {
        _ = skipLineBreak()
        return true
      }
    }
  }

  func text(_ field: Field) -> String {
    let text = String(decoding: bytes[field.range], as: UTF8.self)
    guard field.hasQuotes else { return text }
    // Quotes come in pairs here: one of each is kept.
    var result = ""
    var isSecond = false
    for character in text.unicodeScalars {
      isSecond = character == "\"" && !isSecond
      if !isSecond { result.unicodeScalars.append(character) }
    }
    return result
  }

  /// The field as a number, blanks around it allowed; nil where it is none.
  func number(_ field: Field) -> Double? {
    var range = field.range
    while let first = range.first, bytes[first] == 0x20 { range.removeFirst() }
    while let last = range.last, bytes[last] == 0x20 { range.removeLast() }
    // Short whole numbers, such as pixels, are most of what there is.
    if !range.isEmpty, range.count <= 15, bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) {
      return Double(bytes[range].reduce(0) { $0 * 10 + Int($1 & 15) })
    }
    return Double(String(decoding: bytes[range], as: UTF8.self))
  }

  private mutating func skipLineBreak() -> Bool {
    let isPair =
      position + 1 < bytes.count && bytes[position] == Self.carriageReturn
      && bytes[position + 1] == Self.lineFeed
    guard isPair || position < bytes.count && bytes[position] == Self.lineFeed else { return false }
    position += isPair ? 2 : 1
    nextLine += 1
    return true
  }

  private var isAtFieldEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == separator || byte == Self.lineFeed
      || byte == Self.carriageReturn && position + 1 < bytes.count
        && bytes[position + 1] == Self.lineFeed
  }

  private mutating func field() throws(DatasetError) -> Field {
    guard position < bytes.count, bytes[position] == Self.quote else {
      let start = position
      while !isAtFieldEnd {
        guard bytes[position] != Self.quote else {
          throw failure("quotes around whole fields only", "one within a field")
        }
        position += 1
      }
      return Field(range: start..<position, hasQuotes: false)
    }
    return try quotedField()
  }

  private mutating func quotedField() throws(DatasetError) -> Field {
    let start = position + 1
    var hasQuotes = false
    position = start
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.lineFeed { nextLine += 1 }
      guard byte == Self.quote else { continue }
      if position < bytes.count, bytes[position] == Self.quote {
        hasQuotes = true
        position += 1
        continue
      }
      guard isAtFieldEnd else {
        throw failure("a separator after a closing quote", "more text")
      }
      return Field(range: start..<position - 1, hasQuotes: hasQuotes)
    }
    throw failure("a closing quote", "the end of the file")
  }

  private func failure(_ expected: String, _ received: String) -> DatasetError {
    .unexpected(
      place: "\(path), line \(line)", expected: expected, received: received,
      advice: "double the quotes within a quoted field")
  }
}
