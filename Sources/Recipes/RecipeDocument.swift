import Foundation
import Yams

/// A recipe's file as a tree that keeps every field, so that overrides are made in it and it is
/// written back whole.
package struct RecipeDocument {
  private var root: Node
  private let source: String

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
    let text: String
    do {
      text = try String(contentsOfFile: name, encoding: .utf8)
    } catch {
      let exists = FileManager.default.fileExists(atPath: name)
      throw .unreadable(path: name, reason: exists ? "no UTF-8 text" : "no such file")
    }
    try self.init(text: text, source: name)
  }

  /// Puts `value`, itself YAML, at `path`: names joined by dots, list items by number
  /// (`encoder.1.dense.units`). Mappings on the way that do not exist are made.
  package mutating func set(_ path: String, to value: String) throws(RecipeError) {
    let text = "\(path)=\(value)"
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else { throw .override(text: text, reason: "an empty name") }
    guard let node = try? Yams.compose(yaml: value) else {
      throw .override(text: text, reason: "a value that is no YAML")
    }
    if keys.count > 1, keys[0] == "data", let name = root["data"], case .scalar = name {
      // A name or path alone is short for a mapping with that path.
      root = try Self.setting(["data"], of: root, to: ["path": name], text: text)
    }
    root = try Self.setting(keys[...], of: root, to: node, text: text)
  }

  /// Puts the name or path of other data in the place of the recipe's, and leaves how it is read.
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
          text: text, reason: "\(key), where a list has items 0 to \(sequence.count - 1)")
      }
      sequence[index] = try setting(keys.dropFirst(), of: sequence[index], to: value, text: text)
      return .sequence(sequence)
    case .scalar, .alias:
      throw .override(text: text, reason: "\(key), where the recipe has no fields")
    }
  }

  /// The recipe that this file describes.
  package func recipe() throws(RecipeError) -> Recipe {
    try Recipe(FieldReader(node: root, source: source, path: ""))
  }

  /// The file's text with every override in it; `recipe()` of it is the same.
  package func text() throws(RecipeError) -> String {
    do {
      return try Yams.serialize(node: root)
    } catch {
      throw .notYAML(source: source, reason: RecipeError.reason(error))
    }
  }
}
