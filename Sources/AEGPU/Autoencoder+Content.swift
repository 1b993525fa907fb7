import Datasets
import Recipes
import Training

extension Autoencoder {
  /// What a model is made of, wherever it comes from.
  package struct Content {
    /// The run; the folder of a model that was only trained is empty.
    package let saved: SavedRun
    /// The recipe's file.
    let recipeText: String
    /// What the model must know of its data.
    package let data: DataDescription
    let reports: [EpochReport]
    /// The epoch that the weights are of.
    let epoch: Int
    /// Where data sets are looked for before the usual folders.
    let directory: String?
    /// `nil` where it lies in the folder.
    private let made: RunEnvironment?

    package var recipe: Recipes.Recipe { saved.recipe }

    /// What a training in this process came to.
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

    /// What a run keeps, or a weights or checkpoint file of one.
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

    /// Of a run by a version that kept none: taken of its data anew.
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

    /// Where and on what it was trained.
    func environment() throws -> RunEnvironment {
      try made ?? RunEnvironment(of: RunFolder(saved.folder))
    }
  }
}
