/// Writes a table as a CSV file, row by row, so that the table need not be in memory.
///
/// Fields are quoted by RFC 4180 if they contain a comma, a quote or a line break; lines end with
/// LF. Numbers have the fewest digits that read back as the same value. `finish` completes the file
/// (see `OutputFile`); `-` is standard output.
package final class CSVWriter {
  package enum Field: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case float(Float)
    case double(Double)
    /// Unknown: an empty field.
    case none
  }

  private let file: OutputFile
  private let columnCount: Int

  /// - Parameters:
  ///   - path: the file, or `-`.
  ///   - columns: the header.
  package init(_ path: String, columns: [String]) throws(ReportError) {
    precondition(!columns.isEmpty, "a table needs columns")
    columnCount = columns.count
    file = try OutputFile(path)
    try write(columns.map { .text($0) })
  }

  /// Writes the next row, one field per column.
  package func write(_ row: [Field]) throws(ReportError) {
    precondition(row.count == columnCount, "one field per column is needed")
    let line = row.map(Self.text).joined(separator: ",")
    // Readers skip an empty line, but not a quoted empty field.
    try file.write((line.isEmpty ? "\"\"" : line) + "\n")
  }

  package func finish() throws(ReportError) {
    try file.finish()
  }

  private static func text(_ field: Field) -> String {
    switch field {
    case .text(let text): quoted(text)
    case .integer(let number): "\(number)"
    case .float(let number): "\(number)"
    case .double(let number): "\(number)"
    case .none: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    // Compares bytes, because CR LF is one `Character`.
    guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
