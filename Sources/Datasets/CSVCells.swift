/// Reads the fields of a table: numbers, times and classes. A field is `nil` in a line of empty fields.
struct CSVCells {
  let columns: CSVColumns
  /// Whether numbers may be missing.
  let mayMiss: Bool
  let path: String

  /// The number in a field; NaN if it is missing.
  func value(
    _ field: CSV.Field?, of csv: CSV, _ column: Int, _ line: Int
  ) throws(DatasetError) -> Double {
    // For errors only.
    var name: String { columns.name(column) }
    var text: String { field.map(csv.text) ?? "" }
    switch field.map(csv.number) ?? .missing {
    case .number(let number): return number
    case .missing:
      guard mayMiss else {
        throw failure(
          column, line, "a number", text.isEmpty ? "nothing" : "\(text), a missing value",
          "correct it, fill missing values with --missing mean, leave them out of the loss with "
            + "--missing mask, or leave the column out with --ignore \(name)")
      }
      return .nan
    case .infinite:
      throw failure(
        column, line, "a finite number", text,
        "correct it, or leave the column out with --ignore \(name)")
    case .text:
      throw failure(
        column, line, "a number", text.isEmpty ? "nothing" : text,
        advice(text, name, decimal: csv.dialect.decimal))
    }
  }

  /// The time in a field, in seconds.
  func time(
    _ field: CSV.Field?, of csv: CSV, _ column: Int, _ line: Int
  ) throws(DatasetError) -> Double {
    if case .number(let number)? = field.map(csv.number) { return number }
    let text = field.map(csv.text) ?? ""
    guard let seconds = CSVTime.seconds(text) else {
      throw failure(
        column, line, CSVTime.forms, text.isEmpty ? "nothing" : text,
        "write times in this form, or leave out --time and name the column with --ignore")
    }
    return seconds
  }

  /// The name of the class in a field.
  func label(
    _ field: CSV.Field?, of csv: CSV, _ column: Int, _ line: Int
  ) throws(DatasetError) -> String {
    let name = field.map(csv.text) ?? ""
    guard !name.isEmpty else {
      throw failure(
        column, line, "a class", "nothing",
        "fill it in, or leave the column out with --ignore \(columns.name(column))")
    }
    return name
  }

  /// The advice for a text in place of a number.
  private func advice(_ text: String, _ name: String, decimal: UInt8) -> String {
    let other: Character = decimal == UInt8(ascii: ",") ? "." : ","
    let bytes = Array(text.utf8)
    if case .number = CSVNumber(bytes.span, bytes.indices, decimal: other.asciiValue!) {
      return "say with --decimal \(other) (data.decimal) that this is the decimal sign"
    }
    let ungrouped = text.filter { !",.' \u{a0}\u{202f}".contains($0) }
    if !ungrouped.isEmpty, ungrouped.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "-" }) {
      return "write numbers without digit groups"
    }
    return "if it is the column of classes, add --label \(name); else leave it out with "
      + "--ignore \(name)"
  }

  private func failure(
    _ column: Int, _ line: Int, _ expected: String, _ received: String, _ advice: String
  ) -> DatasetError {
    .unexpected(
      place: "\(path), line \(line), column \(columns.name(column))", expected: expected,
      received: received.printable(), advice: advice)
  }
}
