import Datasets
import Recipes
import Training

extension Autoencoder {
  /// The contents of a model, trained or opened.
  package struct Content {
    /// The run; its folder is empty for a model that was only trained.
    package let saved: SavedRun
    /// The recipe's file.
    let recipeText: String
    /// The description of the training data, which the model needs.
    package let data: DataDescription
    let reports: [EpochReport]
    /// The epoch of the weights.
    let epoch: Int
    /// A folder to search for data sets before the usual ones.
    let directory: String?
    /// `nil` if it is in the folder.
    private let made: RunEnvironment?

    package var recipe: Recipes.Recipe { saved.recipe }

    /// The result of a training in this process.
    init(
      _ prepared: PreparedTraining, weights: Weights, epoch: Int, reports: [EpochReport]
    ) throws {
      data = prepared.environment.model!
      recipeText = prepared.text
      var texts = try prepared.environment.weightsTexts(recipe: prepared.text)
      texts["epoch"] = "\(epoch)"
      saved = SavedRun(
        folder: "", weightsPath: "", recipe: prepared.recipe, weights: weights, description: data,
        epochOfWeights: texts["epoch"], metadata: texts)
      (self.epoch, self.reports) = (epoch, reports)
      directory = nil
      made = prepared.environment
    }

    /// A run folder, or a weights or checkpoint file in one.
    init(named name: String, directory: String?) throws {
      saved = try SavedRun(named: name)
      let folder = RunFolder(saved.folder)
      recipeText = try saved.metadata["recipe"] ?? RecipeDocument(named: folder.recipe).text()
      reports = folder.reports()
      epoch = saved.epochOfWeights.flatMap { Int($0) } ?? 0
      self.directory = directory
      made = nil
      data = try saved.description ?? Self.description(of: saved.recipe, directory)
    }

    /// For a run of an older version without a description: computed from its data.
    private static func description(
      of recipe: Recipes.Recipe, _ directory: String?
    ) throws -> DataDescription {
      let input = try RunInput(recipe, directory: directory)
      let normalization = input.recipe.model.normalization
      let scaling = FeatureScaling(
        input.data.training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
        factor: normalization.factor)
      return DataDescription(input.data, scaling, recipe.dataOptions)
    }

    /// The environment in which it was trained.
    func environment() throws -> RunEnvironment {
      try made ?? RunEnvironment(of: RunFolder(saved.folder))
    }
  }
}
