/// The field separator and decimal sign of a table: from the options, or detected in its first
/// lines.
struct CSVDialect {
  let separator: UInt8
  let decimal: UInt8
  /// The offset of the first record: after a line `sep=;`, which Excel reads and writes.
  let start: Int
  /// The line of the first record, counted from 1.
  let firstLine: Int
  /// What was detected.
  let notes: [String]

  private static let comma = UInt8(ascii: ",")
  private static let candidates = [comma, UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
  /// The number of bytes that are examined.
  private static let sampleCount = 1 << 16

  /// Throws if several separators or decimal signs are possible.
  init(_ bytes: [UInt8], _ options: DataOptions, path: String) throws(DatasetError) {
    var notes: [String] = []
    let named = Self.separatorLine(bytes)
    start = named?.end ?? 0
    firstLine = named == nil ? 1 : 2
    let sample = Sample(bytes[start...].prefix(Self.sampleCount))
    if let separator = options.separator {
      self.separator = separator.asciiValue!
    } else if let named {
      separator = named.separator
      notes.append(
        "fields are separated by \(Self.name(separator)), given by the file's first line")
    } else {
      separator = try Self.separator(sample, decimal: options.decimal, path: path)
      if separator != Self.comma {
        notes.append("fields are separated by \(Self.name(separator)), detected from the lines")
      }
    }
    if let decimal = options.decimal {
      self.decimal = decimal.asciiValue!
    } else {
      decimal = try Self.decimal(sample, separator, path: path)
      if decimal == Self.comma {
        notes.append("the decimal sign is a comma, detected from the numbers")
      }
    }
    self.notes = notes
  }

  /// The separator in a first line `sep=;`, and the end of that line.
  private static func separatorLine(_ bytes: [UInt8]) -> (separator: UInt8, end: Int)? {
    let line = bytes.prefix(16).prefix { $0 != 0x0a && $0 != 0x0d }
    let text = line.filter { $0 != UInt8(ascii: "\"") }
    guard text.count == 5, String(decoding: text.prefix(4), as: UTF8.self).lowercased() == "sep="
    else { return nil }
    let isPair = bytes[line.endIndex...].starts(with: [0x0d, 0x0a])
    return (text[text.startIndex + 4], min(line.endIndex + (isPair ? 2 : 1), bytes.count))
  }

  private static func separator(
    _ sample: Sample, decimal: Character?, path: String
  ) throws(DatasetError) -> UInt8 {
    let open = candidates.filter { $0 != decimal?.asciiValue }
    let fitting = open.filter(sample.isSplitAlike)
    if fitting.count == 1 { return fitting[0] }
    guard fitting.count > 1 else {
      let found = open.filter { sample.count(of: $0) > 0 }
      return found.count == 1 ? found[0] : comma
    }
    let splits = fitting.map { "\(name($0)) splits into \(sample.count(of: $0) + 1)" }
    throw .unexpected(
      place: path, expected: "lines with only one possible separator",
      received: "lines that " + splits.joined(separator: " and ") + " fields",
      advice: "choose one with --separator, or data.separator")
  }

  private static func decimal(
    _ sample: Sample, _ separator: UInt8, path: String
  ) throws(DatasetError) -> UInt8 {
    let point = UInt8(ascii: ".")
    var (hasPoint, withComma): (Bool, [ArraySlice<UInt8>]) = (false, [])
    for field in sample.fields(separator) where field.contains(comma) || field.contains(point) {
      func isNumber(_ decimal: UInt8) -> Bool {
        if case .number = CSVNumber(field.span, 0..<field.count, decimal: decimal) {
          true
        } else {
          false
        }
      }
      if isNumber(point) { hasPoint = true } else if isNumber(comma) { withComma.append(field) }
    }
    guard let first = withComma.first, !hasPoint else { return point }
    guard withComma.contains(where: { !isGrouped($0) }) else {
      throw .unexpected(
        place: path, expected: "numbers with only one possible meaning",
        received:
          "\(String(decoding: first, as: UTF8.self)), whose comma may be a decimal sign or a digit group separator",
        advice: "say that it is the decimal sign with --decimal , (data.decimal), or write the "
          + "numbers without digit groups")
    }
    return comma
  }

  /// `1,234` may also mean one thousand.
  private static func isGrouped(_ field: ArraySlice<UInt8>) -> Bool {
    let digits = field.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let parts = digits.split(separator: comma, omittingEmptySubsequences: false)
    return parts.count == 2 && (1...3).contains(parts[0].count) && parts[1].count == 3
      && parts[0].first != UInt8(ascii: "0")
  }

  static func name(_ separator: UInt8) -> String {
    separator == 0x09 ? "tab" : String(Unicode.Scalar(separator))
  }
}

/// The first lines of a table, split outside of quotes.
private struct Sample {
  /// Complete lines, none of them blank.
  private let lines: [ArraySlice<UInt8>]

  init(_ bytes: ArraySlice<UInt8>) {
    var lines: [ArraySlice<UInt8>] = []
    var (start, isQuoted) = (bytes.startIndex, false)
    func add(_ end: Int) {
      let line = bytes[start..<end]
      if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { lines.append(line) }
    }
    for index in bytes.indices {
      if bytes[index] == 0x22 { isQuoted.toggle() }
      if !isQuoted, bytes[index] == 0x0a || bytes[index] == 0x0d {
        add(index)
        start = index + 1
      }
    }
    // The last line may be incomplete.
    if lines.count < 2, !isQuoted { add(bytes.endIndex) }
    self.lines = lines
  }

  /// How often the character occurs in a line outside of quotes.
  private func count(of separator: UInt8, in line: ArraySlice<UInt8>) -> Int {
    var (count, isQuoted) = (0, false)
    for byte in line {
      if byte == 0x22 { isQuoted.toggle() }
      if !isQuoted, byte == separator { count += 1 }
    }
    return count
  }

  /// The same for the last line.
  func count(of separator: UInt8) -> Int {
    lines.last.map { count(of: separator, in: $0) } ?? 0
  }

  /// Whether every line has the same number of them, at least one; in the first line, one at the
  /// end may be missing.
  func isSplitAlike(by separator: UInt8) -> Bool {
    guard let first = lines.first else { return false }
    let wanted = count(of: separator)
    let header = count(of: separator, in: first)
    return wanted >= 1 && header >= 1 && (header == wanted || header == wanted - 1)
      && lines.dropFirst().allSatisfy { count(of: separator, in: $0) == wanted }
  }

  /// All fields, without quotes and blanks. Quoted fields are also split at separators, which does
  /// not matter here.
  func fields(_ separator: UInt8) -> [ArraySlice<UInt8>] {
    lines.flatMap { line in
      var (fields, start, isQuoted): ([ArraySlice<UInt8>], Int, Bool) = ([], line.startIndex, false)
      func add(_ end: Int) {
        var field = line[start..<end]
        let trimmed: (UInt8) -> Bool = { $0 == 0x22 || $0 == 0x20 || $0 == 0x09 }
        while let first = field.first, trimmed(first) { field.removeFirst() }
        while let last = field.last, trimmed(last) { field.removeLast() }
        fields.append(field)
      }
      for index in line.indices {
        if line[index] == 0x22 { isQuoted.toggle() }
        if !isQuoted, line[index] == separator {
          add(index)
          start = index + 1
        }
      }
      add(line.endIndex)
      return fields
    }
  }
}
