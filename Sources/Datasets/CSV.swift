/// The records of a CSV text, read one after the other, as in RFC 4180: fields may be quoted, and a
/// quoted field may contain separators, line breaks and doubled quotes. Common variants are
/// accepted, too: lines that end with LF, CR LF or CR, blanks around quoted fields, blank lines.
///
/// This is our own code because errors must name the line. The readers of SwiftCSV do not, and they
/// accept a quote that is never closed and a line that is too short.
struct CSV {
  /// The position of a field, without its quotes.
  struct Field {
    let range: Range<Int>
    let isQuoted: Bool
    /// Whether it contains doubled quotes.
    let hasQuotes: Bool
  }

  /// The text, or a part of it that has the last record.
  private(set) var bytes: [UInt8]
  let dialect: CSVDialect
  /// The line at which the last record began, counted from 1.
  private(set) var line = 0
  /// Blank lines between records.
  private(set) var blankLines = 0
  private let path: String
  private var position: Int
  private var nextLine: Int
  /// The parts of the text after `bytes`; `nil` if that is all of it.
  private let parts: CSVParts?

  private static let quote: UInt8 = 0x22
  private static let lineFeed: UInt8 = 0x0a
  private static let carriageReturn: UInt8 = 0x0d

  init(_ bytes: [UInt8], _ dialect: CSVDialect, path: String, parts: CSVParts? = nil) {
    self.bytes = bytes
    self.parts = parts
    self.dialect = dialect
    self.path = path
    position = dialect.start
    nextLine = dialect.firstLine
  }

  /// Reads the next record into `fields`; false at the end.
  ///
  /// Their positions are those in `bytes`, which another record may replace.
  mutating func next(into fields: inout [Field]) throws(DatasetError) -> Bool {
    guard let parts else { return try record(into: &fields) }
    while true {
      let start = (position: position, line: line, nextLine: nextLine, blankLines: blankLines)
      let result = Result { () throws(DatasetError) in try record(into: &fields) }
      // What ends with the part may go on in the next one.
      guard position == bytes.count,
        let more = try parts.next(after: bytes.count - start.position, line: start.nextLine)
      else { return try result.get() }
      bytes = bytes[start.position...] + more
      (position, line, nextLine, blankLines) = (0, start.line, start.nextLine, start.blankLines)
    }
  }

  private mutating func record(into fields: inout [Field]) throws(DatasetError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    var blank = 0
    while skipBlankLine() { blank += 1 }
    guard position < bytes.count else { return false }
    if line > 0 { blankLines += blank }
    line = nextLine
    while true {
      fields.append(try field())
      if position < bytes.count, bytes[position] == dialect.separator {
        position += 1
      } else {
        _ = skipLineBreak()
        return true
      }
    }
  }

  /// The field's text, without blanks around it unless they are in quotes.
  func text(_ field: Field) -> String {
    let range = field.isQuoted ? field.range : CSVNumber.trimmed(bytes.span, field.range)
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard field.hasQuotes else { return text }
    // Quotes are always doubled here; one of each pair is kept.
    var result = ""
    var isSecond = false
    for character in text.unicodeScalars {
      isSecond = character == "\"" && !isSecond
      if !isSecond { result.unicodeScalars.append(character) }
    }
    return result
  }

  func isEmpty(_ field: Field) -> Bool { CSVNumber.trimmed(bytes.span, field.range).isEmpty }

  func number(_ field: Field) -> CSVNumber {
    CSVNumber(bytes.span, field.range, decimal: dialect.decimal)
  }

  /// Skips a line of blanks only.
  private mutating func skipBlankLine() -> Bool {
    let start = position
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    if position == bytes.count { return start < position }
    if skipLineBreak() { return true }
    position = start
    return false
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    (byte == 0x20 || byte == 0x09) && byte != dialect.separator
  }

  private mutating func skipLineBreak() -> Bool {
    guard position < bytes.count else { return false }
    if bytes[position] == Self.carriageReturn {
      position += 1
      if position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    } else if bytes[position] == Self.lineFeed {
      position += 1
    } else {
      return false
    }
    nextLine += 1
    return true
  }

  private var isAtFieldEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == dialect.separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private mutating func field() throws(DatasetError) -> Field {
    let start = position
    position = plainEnd()
    guard position < bytes.count, bytes[position] == Self.quote else {
      return Field(range: start..<position, isQuoted: false, hasQuotes: false)
    }
    guard bytes[start..<position].allSatisfy(isBlank) else {
      throw failure("quotes around whole fields only", "a quote within a field")
    }
    return try quotedField()
  }

  /// Where the field's text ends without quotes, or the first quote is.
  private func plainEnd() -> Int {
    let (bytes, separator) = (bytes.span, dialect.separator)
    var end = position
    while end < bytes.count {
      let byte = bytes[end]
      if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
        || byte == Self.quote
      {
        break
      }
      end += 1
    }
    return end
  }

  private mutating func quotedField() throws(DatasetError) -> Field {
    let start = position + 1
    var hasQuotes = false
    position = start
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.lineFeed { nextLine += 1 }
      if byte == Self.carriageReturn, position == bytes.count || bytes[position] != Self.lineFeed {
        nextLine += 1
      }
      guard byte == Self.quote else { continue }
      if position < bytes.count, bytes[position] == Self.quote {
        hasQuotes = true
        position += 1
        continue
      }
      let end = position - 1
      while position < bytes.count, isBlank(bytes[position]) { position += 1 }
      guard isAtFieldEnd else {
        throw failure("a separator after a closing quote", "other text")
      }
      return Field(range: start..<end, isQuoted: true, hasQuotes: hasQuotes)
    }
    throw failure("a closing quote", "the end of the file")
  }

  private func failure(_ expected: String, _ received: String) -> DatasetError {
    .unexpected(
      place: "\(path), line \(line)", expected: expected, received: received,
      advice: "double the quotes within a quoted field")
  }
}
