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
  /// That the weights are of, as their metadata has it.
  package let epochOfWeights: String?
  /// What a person should know of the choice of weights.
  package let note: String?

  /// Opens the run that a person named.
  /// - Parameter name: a run's folder; a weights or checkpoint file; or `last`, the newest start under
  ///   `runs/`.
  ///
  /// Weights are the final ones, or those of the newest checkpoint where there are none yet. The
  /// recipe is that in the weights' metadata, else the folder's.
  package init(named name: String) throws {
    let path = name == "last" ? try Self.last() : name
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw TrainingError.nothingNamed(name: path)
    }
    if isFolder.boolValue {
      folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      (weightsPath, note) = try Self.weights(in: folder)
    } else {
      let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
      folder =
        parent.lastPathComponent == "checkpoints"
        ? parent.deletingLastPathComponent().path : parent.path
      (weightsPath, note) = (path, nil)
    }
    let file = try Safetensors(path: weightsPath)
    epochOfWeights = file.metadata["epoch"]
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

  private static func weights(in folder: String) throws -> (path: String, note: String?) {
    let final = folder + "/weights.safetensors"
    if FileManager.default.fileExists(atPath: final) { return (final, nil) }
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder + "/checkpoints")) ?? []
    let newest = names.compactMap { name in RunFolder.epoch(ofCheckpoint: name).map { ($0, name) } }
      .max { $0.0 < $1.0 }
    guard let (_, name) = newest else { throw TrainingError.withoutWeights(folder: folder) }
    let path = "\(folder)/checkpoints/\(name)"
    return (path, "\(folder) has no final weights yet; these are those of checkpoints/\(name)")
  }

  /// The folder of the newest start under `runs/`.
  private static func last() throws -> String {
    struct Start: Decodable {
      let started: Date
    }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "runs")) ?? []
    let starts = names.sorted().compactMap { name -> (Date, String)? in
      guard let data = FileManager.default.contents(atPath: "runs/\(name)/environment.json"),
        let start = try? decoder.decode(Start.self, from: data)
      else { return nil }
      return (start.started, "runs/\(name)")
    }
    guard let newest = starts.max(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else {
      throw TrainingError.nothingNamed(name: "last")
    }
    return newest.1
  }
}
