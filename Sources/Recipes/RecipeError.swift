import Datasets

/// What can be wrong with a recipe. Lines count from 1 in the file, or in the recipe after
/// overrides.
package enum RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownRecipe(name: String, known: [String])
  case unreadable(path: String, reason: String)
  case notYAML(source: String, reason: String)
  /// A field has a value of the wrong kind, or out of range.
  case field(source: String, line: Int?, path: String, expected: String, received: String)
  /// A field that the format does not know.
  case unknownField(source: String, line: Int?, path: String, known: [String])
  /// `--set` names a place that is not there.
  case override(text: String, reason: String)

  /// One sentence; texts of the file are shown in part, and nothing in it controls a terminal.
  package var description: String { sentence.printable(nil) }

  private var sentence: String {
    switch self {
    case .unknownRecipe(let name, let known):
      return
        "recipe: expected one of \(known.joined(separator: ", ")) or a .yaml file, received \(name)"
    case .unreadable(let path, let reason):
      return "recipe \(path): expected a readable file, received: \(reason)"
    case .notYAML(let source, let reason):
      return "recipe \(source): expected YAML, received \(reason)"
    case .field(let source, let line, let path, let expected, let received):
      return "\(Self.place(source, line)): \(path.printable(100)): expected \(expected), received "
        + received.printable(100)
    case .unknownField(let source, let line, let path, let known):
      let expected =
        known.isEmpty ? "no fields here" : "one of \(known.joined(separator: ", "))"
      return """
        \(Self.place(source, line)): \(path.printable(100)): expected \(expected), received a field of \
        another name
        """
    case .override(let text, let reason):
      return "--set \(text): expected key.path=value, received \(reason)"
    }
  }

  private static func place(_ source: String, _ line: Int?) -> String {
    "recipe \(source)" + (line.map { ", line \($0)" } ?? "")
  }
}
