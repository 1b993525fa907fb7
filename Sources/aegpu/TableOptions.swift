import ArgumentParser
import Datasets
import Recipes

/// How a table is read: the flags of the fields of a recipe's `data`, for every command that reads
/// one.
struct TableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column of classes; it is not trained on.", valueName: "name"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "The columns to train on, in this order. (default: all but the label and those ignored)",
      valueName: "a,b,c"))
  var columns: String?

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "a,b"))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "Missing values: fill them with the column's mean, or leave them out of the loss. (default: "
        + "an error)", valueName: "mean|mask"))
  var missing: DataOptions.Missing?

  @Option(
    help: ArgumentHelp(
      "What stands between fields, one character or tab. (default: as the lines show)",
      valueName: "character"))
  var separator: String?

  @Option(
    help: ArgumentHelp(
      "The decimal sign, . or a comma. (default: as the numbers show)", valueName: "sign"))
  var decimal: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the first line names the columns. (default: yes; numbers alone are refused)")
  var header: Bool?

  @Option(
    help: ArgumentHelp(
      "Take windows of so many rows of a series as examples.", valueName: "rows"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "Rows from the beginning of a window to that of the next. (default: 1)", valueName: "rows"))
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "The column of times; no window goes across a gap in it.", valueName: "name"))
  var time: String?

  func validate() throws {
    try RecipeOptions.expectCounts([("window", window), ("stride", stride)])
  }

  /// The fields of `data` that are given, and their values as YAML.
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
