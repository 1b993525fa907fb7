import Datasets
import Foundation
import Plans
import Recipes

/// A step that a run kept because it was not finite, with all that computes it again.
package struct SavedStep {
  package let recorded: RecordedStep
  /// As the network is trained.
  package let recipe: Recipe
  private let scaling: FeatureScaling

  /// - Parameter path: `replay-step-N.safetensors` of a run.
  /// - Throws: `TrainingError.safetensors` where the file is none.
  package init(path: String) throws {
    let file = try Safetensors(path: path)
    guard let text = file.metadata["recipe"], let data = file.metadata["data"],
      let description = try? JSONDecoder().decode(DataDescription.self, from: Data(data.utf8))
    else {
      throw TrainingError.safetensors(
        path: path, expected: "a step as a run keeps it when its loss is no longer finite",
        received: "a file without the metadata recipe and data")
    }
    let named = try RecipeDocument(text: text, source: path).recipe()
    (recipe, scaling) = description.prepared(named)
    recorded = try RecordedStep(file, recipe, path: path)
  }

  package func replay(on backend: any Backend) throws -> StepReplay.Outcome {
    try StepReplay(recorded, recipe, scaling: scaling, on: backend).run()
  }
}

extension DataDescription {
  /// The recipe as it trained on the data, and what its network scales examples by: where they were scaled
  /// as they were read, nothing.
  func prepared(_ recipe: Recipe) -> (recipe: Recipe, scaling: FeatureScaling) {
    let isScaled = recipe.model.normalization != .none && isScaledAsRead == true
    let recipe = isScaled ? recipe.withoutNormalization : recipe
    let scaling =
      recipe.model.normalization == .none
      ? FeatureScaling(byteScale: recipe.preparation.byteScale) : scaling
    return (recipe, scaling)
  }
}
