import Recipes

/// The value of a recipe's field, as in its file; `aegpu recipes format` lists the fields.
///
/// It can be written as a literal: `16`, `0.5`, `true`, `"relu"`, `[28, 28, 1]`, `["from": 0, "to":
/// 4]`.
public enum Setting: Hashable, Sendable {
  /// A whole number.
  case whole(Int)
  /// A number.
  case number(Double)
  /// True or false.
  case flag(Bool)
  /// A word, a name or a path.
  case text(String)
  /// A list of values.
  case list([Setting])
  /// Fields by name.
  case fields([String: Setting])

  /// As YAML on one line.
  var yaml: String {
    switch self {
    case .whole(let number): "\(number)"
    case .number(let number): "\(number)"
    case .flag(let isSet): "\(isSet)"
    case .text(let text): RecipeDocument.scalar(text)
    case .list(let items): "[\(items.map(\.yaml).joined(separator: ", "))]"
    case .fields(let fields):
      "{"
        + fields.sorted { $0.key < $1.key }
        .map { "\(RecipeDocument.scalar($0.key)): \($0.value.yaml)" }.joined(separator: ", ") + "}"
    }
  }
}

extension Setting: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(integerLiteral value: Int) { self = .whole(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(arrayLiteral elements: Setting...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, Setting)...) {
    self = .fields(Dictionary(elements) { $1 })
  }
}
