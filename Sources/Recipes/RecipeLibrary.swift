/// The recipes of the program: every `.yaml` file in this folder, by its name.
package enum RecipeLibrary {
  package static let names = embeddedTexts.keys.map { String($0.dropLast(".yaml".count)) }.sorted()

  /// The file of a recipe, with its comments.
  package static func text(named name: String) -> String? { embeddedTexts["\(name).yaml"] }

  /// The comment at the start of a recipe's file, in one line.
  package static func summary(of name: String) -> String {
    (text(named: name) ?? "").split(separator: "\n").prefix { $0.hasPrefix("#") }
      .map { $0.drop { $0 == "#" || $0 == " " } }.joined(separator: " ")
  }
}
