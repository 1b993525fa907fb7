/// Writes a table as a CSV file, a header and then row after row, so that the table need not be in
/// memory whole.
///
/// Fields are quoted by RFC 4180 where they hold a comma, a quote or a line break; lines end in LF.
/// Numbers are the shortest that read back as the same value of their type. The file takes its name
/// at `finish` (see `OutputFile`); `-` is standard output.
package final class CSVWriter {
  package enum Field: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case float(Float)
    case double(Double)
    /// Nothing is known: an empty field.
    case none
  }

  private let file: OutputFile
  private let columnCount: Int

  /// - Parameters:
  ///   - path: where the file goes, or `-`.
  ///   - columns: the header.
  package init(_ path: String, columns: [String]) throws(ReportError) {
    precondition(!columns.isEmpty, "a table has columns")
    columnCount = columns.count
    file = try OutputFile(path)
    try write(columns.map { .text($0) })
  }

  /// The next row, a field to each column.
  package func write(_ row: [Field]) throws(ReportError) {
    precondition(row.count == columnCount, "not one field to a column")
    let line = row.map(Self.text).joined(separator: ",")
    // An empty line is no row to a reader; a quoted field is.
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
    // By bytes: a carriage return and a line feed are one `Character`.
    guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
