import ArgumentParser
import Datasets
import Recipes

/// Flags for reading tables; they set fields of a recipe's `data`.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Column with class labels, which is not a feature.", valueName: "name"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "Columns to train on, in this order. (default: all except the label and ignored columns)",
      valueName: "a,b,c"))
  var columns: String?

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "a,b"))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "Missing values: mean replaces them with the column's mean, mask leaves them out of the loss. "
        + "(default: an error)", valueName: "mean|mask"))
  var missing: DataOptions.Missing?

  @Option(
    help: ArgumentHelp(
      "Field separator: one character, or tab. (default: detected)",
      valueName: "character"))
  var separator: String?

  @Option(
    help: ArgumentHelp(
      "Decimal sign: . or a comma. (default: detected)", valueName: "sign"))
  var decimal: String?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Whether the first line has the column names. (default: yes; a line of numbers is an error)")
  var header: Bool?

  @Option(
    help: ArgumentHelp(
      "Use windows of this many rows of a series as examples.", valueName: "rows"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "Rows from the start of one window to the start of the next. (default: 1)", valueName: "rows")
  )
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "Column with times; no window crosses a gap in them.", valueName: "name"))
  var time: String?

  func validate() throws {
    try RecipeOptions.expectCounts([("window", window), ("stride", stride)])
  }

  /// The given fields of `data`, with their values as YAML.
  var fields: [(name: String, value: String)] {
    func list(_ text: String) -> String {
      "["
        + text.split(separator: ",").map { name in
          RecipeDocument.scalar(name.trimmingCharacters(in: .whitespaces))
        }.joined(separator: ", ") + "]"
    }
    let given: [(String, String?)] = [
      ("label", label.map(RecipeDocument.scalar)), ("columns", columns.map(list)),
      ("ignore", ignore.map(list)), ("missing", missing?.rawValue),
      ("separator", separator.map(RecipeDocument.scalar)),
      ("decimal", decimal.map(RecipeDocument.scalar)),
      ("header", header.map { "\($0)" }), ("window", window.map { "\($0)" }),
      ("stride", stride.map { "\($0)" }), ("time", time.map(RecipeDocument.scalar)),
    ]
    return given.compactMap { name, value in value.map { (name, $0) } }
  }
}

extension DataOptions.Missing: ExpressibleByArgument {}
