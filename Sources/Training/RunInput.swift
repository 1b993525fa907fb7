import Datasets
import Graphs
import Recipes

/// A recipe and its data, each fitted to the other: what a run begins with.
package struct RunInput {
  /// The recipe's file, where it was read from one; where its input follows the data, that is written
  /// out.
  package let document: RecipeDocument?
  /// The recipe as it trains on `data`: where these are scaled already, its model normalizes
  /// nothing.
  package let recipe: Recipe
  package let data: TrainingData

  /// Reads the recipe and loads what it names. All that can be said against the recipe without data
  /// is said first.
  /// - Parameter directory: where data sets are looked for before the usual folders.
  package init(_ document: RecipeDocument, directory: String?) throws {
    let (document, dataset) = try document.loadingData(directory: directory)
    try self.init(document.recipe(), dataset, document, directory: directory)
  }

  /// The same on data that are there already, whatever the recipe names.
  package init(_ document: RecipeDocument, on dataset: Dataset) throws {
    let document = try document.resolved(on: dataset)
    try self.init(document.recipe(), dataset, document, directory: nil)
  }

  /// The same of a recipe whose sizes are known.
  package init(_ recipe: Recipe, directory: String?) throws {
    try self.init(recipe, recipe.loadData(directory: directory), nil, directory: directory)
  }

  private init(
    _ recipe: Recipe, _ dataset: Dataset, _ document: RecipeDocument?, directory: String?
  ) throws {
    try recipe.check(dataset)
    let shaped = dataset.shaped(recipe.dataOptions.shape ?? recipe.model.input.dimensions)
    data = try TrainingData(recipe, shaped, directory: directory)
    self.recipe = data.isScaled ? recipe.withoutNormalization : recipe
    self.document = document
  }
}

extension RecipeDocument {
  /// The recipe's file with the input that its data give it, where it follows them.
  package func onItsData(directory: String?) throws -> RecipeDocument {
    followsData ? try loadingData(directory: directory).document : self
  }

  fileprivate func loadingData(
    directory: String?
  ) throws -> (document: RecipeDocument, data: Dataset) {
    let draft = try followsData ? draft() : recipe()
    let dataset = try draft.loadData(directory: directory)
    return (try resolved(on: dataset), dataset)
  }

  /// With the input that the data give it, where it follows them.
  fileprivate func resolved(on dataset: Dataset) throws(RecipeError) -> RecipeDocument {
    guard followsData else { return self }
    var document = self
    try document.resolve(input: dataset.training.shape)
    return document
  }
}

extension Recipe {
  /// The recipe for examples that are scaled already.
  package var withoutNormalization: Recipe {
    var recipe = self
    recipe.model.normalization = .none
    return recipe
  }
}
