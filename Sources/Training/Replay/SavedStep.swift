import Datasets
import Foundation
import Plans
import Recipes

/// A step that a run kept because it was not finite, with everything needed to compute it again.
package struct SavedStep {
  package let recorded: RecordedStep
  /// The recipe of the trained network.
  package let recipe: Recipe
  private let scaling: FeatureScaling

  /// - Parameter path: `replay-step-N.safetensors` or `replay-validation-N.safetensors` of a run.
  /// - Throws: `TrainingError.safetensors` if the file is not of this kind.
  package init(path: String) throws {
    let file = try Safetensors(path: path)
    guard let text = file.metadata["recipe"], let data = file.metadata["data"],
      let description = try? JSONDecoder().decode(DataDescription.self, from: Data(data.utf8))
    else {
      throw TrainingError.safetensors(
        path: path, expected: "a step that a run kept because its loss was not finite",
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
  /// The recipe as it was trained on the data, and the scaling of the network's examples; none if
  /// they were scaled when they were read.
  func prepared(_ recipe: Recipe) -> (recipe: Recipe, scaling: FeatureScaling) {
    let isScaled = recipe.model.normalization != .none && isScaledAsRead == true
    let recipe = isScaled ? recipe.withoutNormalization : recipe
    let scaling =
      recipe.model.normalization == .none
      ? FeatureScaling(byteScale: recipe.preparation.byteScale) : scaling
    return (recipe, scaling)
  }
}
