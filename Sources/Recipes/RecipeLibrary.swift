/// The recipes that the program brings: every `.yaml` file of this folder, by its name.
package enum RecipeLibrary {
  package static let names = embeddedTexts.keys.map { String($0.dropLast(".yaml".count)) }.sorted()

  /// The file of a recipe, comments and all.
  package static func text(named name: String) -> String? { embeddedTexts["\(name).yaml"] }

  /// The comment that a recipe's file begins with, in one line.
  package static func summary(of name: String) -> String {
    (text(named: name) ?? "").split(separator: "\n").prefix { $0.hasPrefix("#") }
      .map { $0.drop { $0 == "#" || $0 == " " } }.joined(separator: " ")
  }
}
