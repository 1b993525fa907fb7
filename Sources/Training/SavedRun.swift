import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes

/// A trained run on the disk: its recipe and weights, and where they lie.
package struct SavedRun: Sendable {
  package let folder: String
  /// The file that the weights are of.
  package let weightsPath: String
  package let recipe: Recipe
  package let weights: Weights
  /// What the model must know of the data that trained it; `nil` of runs by versions that kept none.
  package let description: DataDescription?
  /// What the weights' file says of them beside their values: recipe, data and epoch.
  package let metadata: [String: String]
  /// That the weights are of, as their metadata has it.
  package let epochOfWeights: String?
  /// What a person should know of the choice of weights.
  package let note: String?

  package init(
    folder: String, weightsPath: String, recipe: Recipe, weights: Weights,
    description: DataDescription? = nil, epochOfWeights: String? = nil, note: String? = nil,
    metadata: [String: String] = [:]
  ) {
    (self.folder, self.weightsPath, self.recipe, self.weights) =
      (folder, weightsPath, recipe, weights)
    (self.description, self.epochOfWeights, self.note) = (description, epochOfWeights, note)
    self.metadata = metadata
  }

  /// Opens the run that a person named.
  /// - Parameter name: a run's folder; a weights or checkpoint file; or `last`, the newest start under
  ///   `runs/`.
  ///
  /// Weights are the final ones, or those of the newest checkpoint where there are none yet. The
  /// recipe is that in the weights' metadata, else the folder's.
  package init(named name: String) throws {
    let (place, named) = try RunFolder.named(name)
    folder = place.path
    if let named {
      (weightsPath, note) = (named, nil)
    } else {
      (weightsPath, note) = try Self.weights(in: place)
    }
    let file = try Safetensors(path: weightsPath)
    metadata = file.metadata.filter { ["recipe", "data", "epoch"].contains($0.key) }
    epochOfWeights = file.metadata["epoch"]
    description = try Self.description(in: file, path: weightsPath)
    recipe =
      if let text = file.metadata["recipe"] {
        try RecipeDocument(text: text, source: weightsPath).recipe()
      } else {
        try RecipeDocument(named: folder + "/recipe.yaml").recipe()
      }
    let layout = ParameterLayout(try recipe.model.parameters().map { ($0.name, $0.shape) })
    let state = StateLayout(try recipe.model.states().map { ($0.name, $0.shape) })
    // A checkpoint holds more: moments, and the weights of the best epoch.
    let own = Set((layout.entries + state.entries).map(\.name))
    weights = try Weights(
      Safetensors(tensors: file.tensors.filter { own.contains($0.name) }), layout: layout,
      stateLayout: state, path: weightsPath)
  }

  private static func description(
    in file: Safetensors, path: String
  ) throws(TrainingError) -> DataDescription? {
    guard let text = file.metadata["data"] else { return nil }
    do {
      return try JSONDecoder().decode(DataDescription.self, from: Data(text.utf8))
    } catch {
      throw .safetensors(
        path: path, expected: "what the model must know of its data, as metadata data",
        received: text.printable())
    }
  }

  private static func weights(in folder: RunFolder) throws -> (path: String, note: String?) {
    if FileManager.default.fileExists(atPath: folder.weights) { return (folder.weights, nil) }
    guard let newest = folder.checkpointEpochs().first else {
      throw TrainingError.withoutWeights(folder: folder.path)
    }
    let path = folder.checkpoint(ofEpoch: newest)
    return (
      path,
      "\(folder.path) has no final weights yet; these are those of "
        + path.dropFirst(folder.path.count + 1)
    )
  }
}
