import Datasets
import Graphs
import Recipes

/// A recipe and its data, adapted to each other: the start of a run.
package struct RunInput {
  /// The recipe's file, if it was read from one, with the input written out if it follows the data.
  package let document: RecipeDocument?
  /// The recipe as it trains on `data`: if these are already scaled, its model does not normalize.
  package let recipe: Recipe
  package let data: TrainingData

  /// Reads the recipe and loads its data. Errors of the recipe that need no data are thrown first.
  /// - Parameters:
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - memory: how much memory the run may have; larger training examples stay in their files.
  package init(
    _ document: RecipeDocument, directory: String?, memory: MemoryLimit = .free
  ) throws {
    let (document, dataset) = try document.loadingData(directory: directory, memory)
    try self.init(document.recipe(), dataset, document, directory: directory, memory)
  }

  /// The same with loaded data, whatever data the recipe names.
  package init(_ document: RecipeDocument, on dataset: Dataset) throws {
    let document = try document.resolved(on: dataset)
    try self.init(document.recipe(), dataset, document, directory: nil, .free)
  }

  /// The same for a recipe with known sizes.
  package init(_ recipe: Recipe, directory: String?, memory: MemoryLimit = .free) throws {
    try self.init(
      recipe, recipe.loadData(directory: directory, streaming: memory), nil, directory: directory,
      memory)
  }

  private init(
    _ recipe: Recipe, _ dataset: Dataset, _ document: RecipeDocument?, directory: String?,
    _ memory: MemoryLimit
  ) throws {
    try recipe.check(dataset)
    let shaped = dataset.shaped(recipe.dataOptions.shape ?? recipe.model.input.dimensions)
    data = try TrainingData(recipe, shaped, directory: directory, memory: memory)
    self.recipe = data.isScaled ? recipe.withoutNormalization : recipe
    self.document = document
  }
}

extension RecipeDocument {
  /// The recipe's file with the input of its data, if it follows them.
  package func onItsData(directory: String?) throws -> RecipeDocument {
    followsData ? try loadingData(directory: directory, .free).document : self
  }

  fileprivate func loadingData(
    directory: String?, _ memory: MemoryLimit
  ) throws -> (document: RecipeDocument, data: Dataset) {
    let draft = try followsData ? draft() : recipe()
    let dataset = try draft.loadData(directory: directory, streaming: memory)
    return (try resolved(on: dataset), dataset)
  }

  /// The file with the input of the data, if it follows them.
  fileprivate func resolved(on dataset: Dataset) throws(RecipeError) -> RecipeDocument {
    guard followsData else { return self }
    var document = self
    try document.resolve(input: dataset.training.shape)
    return document
  }
}

extension Recipe {
  /// The recipe for examples that are already scaled.
  package var withoutNormalization: Recipe {
    var recipe = self
    recipe.model.normalization = .none
    return recipe
  }
}
