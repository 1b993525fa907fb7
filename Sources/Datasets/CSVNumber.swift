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

  /// Reads digits with one decimal sign and an exponent. Hexadecimal numbers, digit groups and
  /// other spellings are text.
  init(_ bytes: Span<UInt8>, _ range: Range<Int>, decimal: UInt8) {
    let range = Self.trimmed(bytes, range)
    guard !range.isEmpty else {
      self = .missing
      return
    }
    var position = range.lowerBound
    var isNegative = false
    if bytes[position] == 0x2d || bytes[position] == 0x2b {
      isNegative = bytes[position] == 0x2d
      position += 1
    }
    let mantissaStart = position
    var mantissa = DecimalMantissa()
    mantissa.addDigits(bytes, &position, range.upperBound)
    var digits = position - mantissaStart
    var (fraction, exponent) = (0, 0)
    if position < range.upperBound, bytes[position] == decimal {
      position += 1
      let start = position
      mantissa.addDigits(bytes, &position, range.upperBound)
      fraction = position - start
      digits += fraction
    }
    guard digits > 0 else {
      self = Self.word(bytes, range)
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
        exponent = min(exponent * 10 + Int(bytes[position] & 15), 1 << 40)
        position += 1
      }
      if position == start { position = mantissaStart }
      if isNegative { exponent = -exponent }
    }
    guard position == range.upperBound else {
      self = Self.word(bytes, range)
      return
    }
    if let value = mantissa.value(power: exponent - fraction) {
      self = .number(isNegative ? -value : value)
      return
    }
    let text = Self.text(bytes, range, decimal: decimal)
    let value = Double(text) ?? .infinity
    self = value.isFinite ? .number(value) : .infinite
  }

  private static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> CSVNumber {
    guard range.count <= 9 else { return .text }
    let word = text(bytes, range).lowercased()
    return missingWords.contains(word) ? .missing : infiniteWords.contains(word) ? .infinite : .text
  }

  /// - Parameter decimal: a byte that becomes a point.
  private static func text(
    _ bytes: Span<UInt8>, _ range: Range<Int>, decimal: UInt8? = nil
  ) -> String {
    String(decoding: range.map { bytes[$0] == decimal ? 0x2e : bytes[$0] }, as: UTF8.self)
  }

  /// The range without leading and trailing blanks.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x09 {
      range.removeFirst()
    }
    while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x09 { range.removeLast() }
    return range
  }
}
