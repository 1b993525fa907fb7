import Recipes

/// A recipe that `bench` or `tune` measures, and how a process of its own is told of it.
struct MeasuredRecipe {
  let recipe: Recipe
  private let name: String
  private let options: [String]

  /// - Parameters:
  ///   - names: recipes' names or paths; every recipe if empty.
  ///   - settings: `key.path=value` each.
  static func all(
    _ names: [String], _ settings: [String], batchSize: Int?
  ) throws -> [MeasuredRecipe] {
    try (names.isEmpty ? RecipeLibrary.names : names).map {
      try MeasuredRecipe($0, settings, batchSize: batchSize)
    }
  }

  private init(_ name: String, _ settings: [String], batchSize: Int?) throws {
    var document = try RecipeOptions.document(name, settings)
    if let batchSize { try document.set("batchSize", to: "\(batchSize)") }
    recipe = try document.recipe()
    self.name = name
    options =
      (batchSize.map { ["--batch-size", "\($0)"] } ?? []) + settings.flatMap { ["--set", $0] }
  }

  /// What `bench` is given to measure it on a device.
  func arguments(_ device: String) -> [String] { ["bench", name, "--device", device] + options }
}
