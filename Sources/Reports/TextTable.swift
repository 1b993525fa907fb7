/// A table in plain text: a header, a rule, and rows in aligned columns, two spaces apart.
package struct TextTable: Hashable, Sendable, CustomStringConvertible {
  /// A column's heading and the side on which its cells line up.
  package struct Column: Hashable, Sendable {
    package let title: String
    let isNumber: Bool

    /// Text lines up on the left.
    package static func text(_ title: String) -> Column {
      Column(title: title, isNumber: false)
    }

    /// Numbers line up on the right.
    package static func number(_ title: String) -> Column {
      Column(title: title, isNumber: true)
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row of one cell to a column.
  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "one cell to a column")
    rows.append(row)
  }

  /// Adds a row whose last cell, a text of several words, goes on in as many lines as it takes for
  /// the table to be `width` columns wide; `lead` is how wide the columns before it are.
  package mutating func append(_ row: [String], lead: Int, width: Int) {
    let lines = Self.lines(of: row.last ?? "", width: max(width - lead, 20))
    for (index, line) in lines.enumerated() {
      append((index == 0 ? row.dropLast() : row.dropLast().map { _ in "" }) + [line])
    }
  }

  /// A text in lines of whole words, each as long as it may be; at least one.
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
