import Datasets
import Foundation
import Yams

/// A recipe's file as a tree that keeps every field, so that overrides can be applied and the whole
/// file written again.
package struct RecipeDocument {
  private var root: Node
  private let source: String
  /// The values that command-line options set, with the text of each option.
  private var options: [(path: String, text: String)] = []

  /// - Parameter source: the recipe's name or path, for errors.
  package init(text: String, source: String) throws(RecipeError) {
    do {
      guard let root = try Yams.compose(yaml: text) else {
        throw RecipeError.notYAML(source: source, reason: "an empty file")
      }
      self.root = root
    } catch let error as RecipeError {
      throw error
    } catch {
      throw .notYAML(source: source, reason: RecipeError.reason(error))
    }
    self.source = source
  }

  /// A recipe of the library by its name, or a file by its path.
  package init(named name: String) throws(RecipeError) {
    if let text = RecipeLibrary.text(named: name) {
      try self.init(text: text, source: name)
      return
    }
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/") else {
      throw .unknownRecipe(name: name, known: RecipeLibrary.names)
    }
    try self.init(text: RecipeFile.contents(of: name), source: name)
  }

  /// Sets the value, itself YAML, at `path`: names joined by dots, list items by index
  /// (`encoder.1.dense.units`). Missing mappings on the path are created.
  /// - Parameter option: the text of the command-line option, `--epochs 5`; `nil` for `--set`.
  package mutating func set(
    _ path: String, to value: String, option: String? = nil
  ) throws(RecipeError) {
    let text = "\(path)=\(value)"
    options.append((path, option ?? "--set \(text)"))
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else { throw .override(text: text, reason: "an empty name") }
    guard let node = try? Yams.compose(yaml: value) else {
      throw .override(text: text, reason: "a value that is not valid YAML")
    }
    if keys.count > 1, keys[0] == "data", let name = root["data"], case .scalar = name {
      // A name or path alone is short for a mapping with that path.
      root = try Self.setting(["data"], of: root, to: ["path": name], text: text)
    }
    root = try Self.setting(keys[...], of: root, to: node, text: text)
  }

  /// The word for a size that equals the input's, in `units`, `filters` and the `shape` of
  /// `reshape`.
  static let inputWord = "input"

  /// Whether the input shape is that of the data: `input` is left out, or the word `data`.
  package var followsData: Bool {
    Self.followsData(FieldReader(node: root, source: source, path: ""))
  }

  static func followsData(_ field: FieldReader) -> Bool {
    guard let input = try? field.optional("input") else { return field.node.mapping != nil }
    return input.node.scalar?.string == "data"
  }

  /// Writes this input, and every size that depends on it, so that the file no longer depends on
  /// its data.
  package mutating func resolve(input: [Int]) throws(RecipeError) {
    try set("input", to: "\(input)", option: "--data")
    for part in ["encoder", "decoder"] {
      let layers = root.mapping?.first { $0.key.string == part }?.value.sequence ?? []
      for (index, layer) in layers.enumerated() {
        guard let (kind, settings) = layer.mapping?.first, let kind = kind.string else { continue }
        for (field, value) in settings.mapping ?? [:] where value.scalar?.string == Self.inputWord {
          let size: String? =
            switch field.string {
            case "units": "\(input.reduce(1, *))"
            case "filters": "\(input.last ?? 1)"
            case "shape": "\(input)"
            default: nil
            }
          if let size {
            try set("\(part).\(index).\(kind).\(field.string!)", to: size, option: "--data")
          }
        }
      }
    }
  }

  /// Replaces the name or path of the recipe's data; the reading options stay.
  package mutating func setData(_ value: String) throws(RecipeError) {
    let field = root.mapping?.first { $0.key.string == "data" }?.value
    try set(field?.mapping == nil ? "data" : "data.path", to: value)
  }

  private static func setting(
    _ keys: ArraySlice<String>, of node: Node, to value: Node, text: String
  ) throws(RecipeError) -> Node {
    guard let key = keys.first else { return value }
    switch node {
    case .mapping(var mapping):
      let old = mapping.first { $0.key.string == key }
      mapping[old?.key ?? Node(key)] = try setting(
        keys.dropFirst(), of: old?.value ?? Node([(Node, Node)]()), to: value, text: text)
      return .mapping(mapping)
    case .sequence(var sequence):
      guard let index = Int(key), sequence.indices.contains(index) else {
        throw .override(
          text: text, reason: "\(key), where the list has items 0 to \(sequence.count - 1)")
      }
      sequence[index] = try setting(keys.dropFirst(), of: sequence[index], to: value, text: text)
      return .sequence(sequence)
    case .scalar, .alias:
      throw .override(text: text, reason: "\(key), where the recipe has no fields")
    }
  }

  /// The recipe's name, if the file has one.
  package var name: String? { root["name"]?.string }

  /// The top-level fields whose values differ from another file's, or that only one of the files
  /// has.
  package func fields(differingFrom other: RecipeDocument) -> [String] {
    func fields(_ document: RecipeDocument) -> [String: Node] {
      var fields: [String: Node] = [:]
      for (key, value) in document.root.mapping ?? [:] { fields[key.string ?? ""] = value }
      return fields
    }
    let (own, others) = (fields(self), fields(other))
    return Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
  }

  /// The recipe that this file describes.
  package func recipe() throws(RecipeError) -> Recipe { try read(draft: false) }

  private func read(draft: Bool) throws(RecipeError) -> Recipe {
    do throws(RecipeError) {
      return try Recipe(FieldReader(node: root, source: source, path: ""), draft: draft)
    } catch {
      throw blamed(error)
    }
  }

  /// For a value that an option set, the error names the option and not a line.
  private func blamed(_ error: RecipeError) -> RecipeError {
    switch error {
    case .field(_, _, let path, _, _), .unknownField(_, _, let path, _):
      option(of: path).map { .option($0, error) } ?? error
    default: error
    }
  }

  /// The last option that set this field, or a field that contains it.
  private func option(of path: String) -> String? {
    let dotted = path.replacing("[", with: ".").replacing("]", with: "")
    return options.last { dotted == $0.path || dotted.hasPrefix($0.path + ".") }?.text
  }

  /// The recipe without its network, whose sizes may follow data that are not known yet: input and
  /// layers are ignored.
  package func draft() throws(RecipeError) -> Recipe { try read(draft: true) }

  /// The same as nested dictionaries, lists, strings, numbers and booleans, for JSON.
  package func object() throws(RecipeError) -> Any {
    let text = try text()
    do {
      return try Yams.load(yaml: text) ?? [String: Any]()
    } catch {
      throw .notYAML(source: source, reason: RecipeError.reason(error))
    }
  }

  /// The file's text with all overrides applied; `recipe()` of this text is the same.
  package func text() throws(RecipeError) -> String {
    do {
      return try Yams.serialize(node: root)
    } catch {
      throw .notYAML(source: source, reason: RecipeError.reason(error))
    }
  }

  /// A text as a YAML scalar: in quotes if it has other than plain characters.
  package static func scalar(_ text: String) -> String {
    let plain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0))
    }
    if plain, !text.isEmpty, !text.hasPrefix("-") || Double(text) != nil { return text }
    return "'" + text.replacing("'", with: "''") + "'"
  }
}
