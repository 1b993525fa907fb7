import Datasets

/// An error in a recipe. Lines count from 1 in the file, or in the recipe with overrides applied.
package enum RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownRecipe(name: String, known: [String])
  case unreadable(path: String, reason: String)
  case notYAML(source: String, reason: String)
  /// A field has a value of the wrong kind, or out of range.
  case field(source: String, line: Int?, path: String, expected: String, received: String)
  /// A field that the format does not know.
  case unknownField(source: String, line: Int?, path: String, known: [String])
  /// `--set` names a field that does not exist.
  case override(text: String, reason: String)
  /// `.field` or `.unknownField` in a value that a command-line option set: `--set optimizer=adam`.
  indirect case option(String, RecipeError)

  /// One sentence. Texts of the file are shortened, and control characters in them are escaped.
  package var description: String { sentence.printable(nil) }

  private var sentence: String {
    switch self {
    case .unknownRecipe(let name, let known):
      return
        "recipe: expected one of \(known.joined(separator: ", ")) or a .yaml file, received "
        + name.printable() + Spelling.hint(name, of: known)
    case .unreadable(let path, let reason):
      return "recipe \(path): expected a readable file, received: \(reason)"
    case .notYAML(let source, let reason):
      return "recipe \(source): expected YAML, received \(reason.printable(200))"
    case .field(let source, let line, _, _, _), .unknownField(let source, let line, _, _):
      return "recipe \(source)" + (line.map { ", line \($0)" } ?? "") + ": \(fault)"
    case .override(let text, let reason):
      return "--set \(text.printable(100)): expected key.path=value, received \(reason)"
    case .option(let text, let error):
      return "\(text.printable(100)): \(error.fault)"
    }
  }

  /// The error of a field, without its line.
  private var fault: String {
    switch self {
    case .field(_, _, let path, let expected, let received):
      return
        "\(path.printable(100)): expected \(expected), received \(received.printable(100))"
    case .unknownField(_, _, let path, let known):
      let expected = known.isEmpty ? "no fields here" : "one of \(known.joined(separator: ", "))"
      let name = path.split(separator: ".").last.map(String.init) ?? path
      return "\(path.printable(100)): expected \(expected), received a field of another name"
        + Spelling.hint(name, of: known)
    default: return description
    }
  }
}
