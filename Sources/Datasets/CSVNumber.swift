/// A field of a table that should be a number.
enum CSVNumber: Equatable {
  case number(Double)
  /// Empty, or one of `missingWords`.
  case missing
  /// Infinite, or too large for 64 bits.
  case infinite
  case text

  /// Words for a missing value, in any case of letters: those of pandas, R, SQL and the UCI
  /// archive.
  static let missingWords = [
    "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "none", "?",
  ]

  private static let infiniteWords = ["inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"]
  private static let powers = (0...22).map { power in (0..<power).reduce(1.0) { p, _ in p * 10 } }

  /// Reads digits with one decimal sign and an exponent. Hexadecimal numbers, digit groups and
  /// other spellings are text.
  init(_ bytes: [UInt8], _ range: Range<Int>, decimal: UInt8) {
    let range = Self.trimmed(bytes, range)
    guard !range.isEmpty else {
      self = .missing
      return
    }
    var (mantissa, digits, fraction, exponent) = (UInt64(0), 0, 0, 0)
    var position = range.lowerBound
    var isNegative = false
    if bytes[position] == 0x2d || bytes[position] == 0x2b {
      isNegative = bytes[position] == 0x2d
      position += 1
    }
    let mantissaStart = position
    var isFraction = false
    scan: while position < range.upperBound {
      let byte = bytes[position]
      switch byte {
      case 0x30...0x39:
        if digits < 19 { mantissa = mantissa * 10 + UInt64(byte & 15) }
        digits += 1
        if isFraction { fraction += 1 }
      case decimal where !isFraction: isFraction = true
      default: break scan
      }
      position += 1
    }
    guard digits > 0 else {
      self = Self.word(bytes[range])
      return
    }
    if position < range.upperBound, bytes[position] | 0x20 == 0x65 {
      position += 1
      var isNegative = false
      if position < range.upperBound, bytes[position] == 0x2d || bytes[position] == 0x2b {
        isNegative = bytes[position] == 0x2d
        position += 1
      }
      let start = position
      while position < range.upperBound, (0x30...0x39).contains(bytes[position]) {
        exponent = min(exponent * 10 + Int(bytes[position] & 15), 100_000)
        position += 1
      }
      if position == start { position = mantissaStart }
      if isNegative { exponent = -exponent }
    }
    guard position == range.upperBound else {
      self = Self.word(bytes[range])
      return
    }
    // Both are exact, so the product or quotient is rounded only once.
    let power = exponent - fraction
    if digits <= 19, mantissa < 1 << 53, abs(power) <= 22 {
      let value =
        power < 0 ? Double(mantissa) / Self.powers[-power] : Double(mantissa) * Self.powers[power]
      self = .number(isNegative ? -value : value)
      return
    }
    let text = String(decoding: bytes[range].map { $0 == decimal ? 0x2e : $0 }, as: UTF8.self)
    let value = Double(text) ?? .infinity
    self = value.isFinite ? .number(value) : .infinite
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> CSVNumber {
    guard bytes.count <= 9 else { return .text }
    let word = String(decoding: bytes, as: UTF8.self).lowercased()
    return missingWords.contains(word) ? .missing : infiniteWords.contains(word) ? .infinite : .text
  }

  /// The range without leading and trailing blanks.
  static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x09 {
      range.removeFirst()
    }
    while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x09 { range.removeLast() }
    return range
  }
}
