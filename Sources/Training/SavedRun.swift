import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes

/// A trained run on disk: its recipe, weights and paths.
package struct SavedRun: Sendable {
  package let folder: String
  /// The file of the weights.
  package let weightsPath: String
  package let recipe: Recipe
  package let weights: Weights
  /// The description of the training data; `nil` for runs of older versions without one.
  package let description: DataDescription?
  /// The metadata of the weights file: recipe, data and epoch.
  package let metadata: [String: String]
  /// The epoch of the weights, from the metadata.
  package let epochOfWeights: String?
  /// A note for the user about the choice of weights.
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

  /// Opens the run that the user named.
  /// - Parameter name: a run folder; a weights or checkpoint file; or `last`, the newest run under
  ///   `runs/`.
  ///
  /// The weights are the final ones, or those of the newest checkpoint if there are none yet. The
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
    // A checkpoint also has moments, and the weights of the best epoch.
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
        path: path, expected: "a description of the model's data in the metadata field data",
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
