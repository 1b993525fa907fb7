import ArgumentParser
import NetworkSuite
import Recipes

/// The recipes of a command that measures, and the flags that change fields in all of them.
struct MeasuredRecipes: ParsableArguments {
  @Argument(
    help: "Names of recipes, or paths of .yaml files. (default: every recipe)",
    completion: .recipes)
  var recipes: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Measure the suite in place of recipes: some twenty networks of tables, images and series.",
      discussion: "RECIPES then names some of it: \(NetworkSuite.names.joined(separator: ", "))."))
  var suite = false

  @Option(help: "Batch size: examples per update. (default: that of each recipe)")
  var batchSize: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set any field of the recipes; repeatable.", valueName: "key.path=value"))
  var settings: [String] = []

  func validate() throws {
    try RecipeOptions.expectCounts([("batch-size", batchSize)])
    try RecipeOptions.expectSettings(settings)
  }

  func measured() throws -> [MeasuredRecipe] {
    let known = suite ? NetworkSuite.names : RecipeLibrary.names
    return try (recipes.isEmpty ? known : recipes).map {
      try MeasuredRecipe($0, isOfSuite: suite, settings, batchSize: batchSize)
    }
  }
}

/// A recipe that `bench` or `tune` measures, and the arguments that pass it to a separate process.
struct MeasuredRecipe {
  let recipe: Recipe
  /// The input size that was chosen, if the recipe's input follows the data.
  let note: String?
  private let name: String
  private let options: [String]

  /// The input size of a recipe whose input follows the data.
  private static let columnCount = 30

  /// - Parameters:
  ///   - name: a recipe's name or path, or that of a network of the suite.
  ///   - settings: `key.path=value` each.
  init(_ name: String, isOfSuite: Bool = false, _ settings: [String], batchSize: Int?) throws {
    var document = try RecipeOptions.set(
      settings, in: isOfSuite ? Self.network(name) : RecipeDocument(named: name))
    if let batchSize { try document.set("batchSize", to: "\(batchSize)") }
    var settings = settings
    var note: String?
    if document.followsData {
      let size = Self.columnCount
      note =
        "\(name): the input size follows the data; measured with \(size) columns (--set 'input=[\(size)]')"
      settings.append("input=[\(size)]")
      try document.set("input", to: "[\(size)]")
    }
    recipe = try document.recipe()
    self.note = note
    self.name = name
    options =
      (isOfSuite ? ["--suite"] : [])
      + (batchSize.map { ["--batch-size", "\($0)"] } ?? []) + settings.flatMap { ["--set", $0] }
  }

  private static func network(_ name: String) throws(RecipeError) -> RecipeDocument {
    if let text = NetworkSuite.text(named: name) {
      return try RecipeDocument(text: text, source: name)
    }
    guard name.hasSuffix(".yaml") else {
      throw .unknownRecipe(name: name, known: NetworkSuite.names)
    }
    return try RecipeDocument(named: name)
  }

  /// The arguments of `bench` that measure it on a device.
  func arguments(_ device: String) -> [String] { ["bench", name, "--device", device] + options }
}
