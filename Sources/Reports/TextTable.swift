/// A plain-text table: a header, a line, and rows with aligned columns, two spaces apart.
package struct TextTable: Hashable, Sendable, CustomStringConvertible {
  /// A column's title and alignment.
  package struct Column: Hashable, Sendable {
    package let title: String
    let isNumber: Bool

    /// Text is left-aligned.
    package static func text(_ title: String) -> Column {
      Column(title: title, isNumber: false)
    }

    /// Numbers are right-aligned.
    package static func number(_ title: String) -> Column {
      Column(title: title, isNumber: true)
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row, one cell per column.
  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "one cell per column is needed")
    rows.append(row)
  }

  /// Adds a row whose last cell is wrapped so that the table is `width` columns wide; `lead` is the
  /// width of the columns before it.
  package mutating func append(_ row: [String], lead: Int, width: Int) {
    let lines = Self.lines(of: row.last ?? "", width: max(width - lead, 20))
    for (index, line) in lines.enumerated() {
      append((index == 0 ? row.dropLast() : row.dropLast().map { _ in "" }) + [line])
    }
  }

  /// Wraps a text at word boundaries; at least one line.
  package static func lines(of text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let longer = lines.last!.isEmpty ? String(word) : lines.last! + " " + word
      if longer.count <= width || lines.last!.isEmpty {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Lines without trailing spaces, the last without a line break.
  package var description: String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in
      ([titles] + rows).reduce(0) { max($0, $1[index].count) }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([titles, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for index in columns.indices {
      let space = String(repeating: " ", count: widths[index] - cells[index].count)
      line += index == 0 ? "" : "  "
      line += columns[index].isNumber ? space + cells[index] : cells[index] + space
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
