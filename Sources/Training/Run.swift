import Foundation
import Graphs
import Layers
import Plans
import Recipes

/// A run on the disk, opened to be used: its recipe, its weights, and what they need of the data.
package struct Run {
  package let folder: RunFolder
  package let recipe: Recipe
  /// The text of `recipe.yaml`.
  package let recipeText: String
  package let environment: RunEnvironment
  package let weights: Weights
  /// The file that they come from, and the epoch that they are of.
  package let weightsPath: String
  package let epoch: Int

  /// - Parameter argument: a run's folder, a weights or checkpoint file in one, or `last` for the
  ///   run under `runs/` that was started last.
  /// - Throws: `TrainingError.noRun` where none is there.
  package init(opening argument: String) throws {
    let (folder, file) = try Self.place(argument)
    guard folder.isRun else { throw TrainingError.noRun(path: argument) }
    self.folder = folder
    environment = try RunEnvironment(of: folder)
    let document = try RecipeDocument(named: folder.recipe)
    recipe = try document.recipe()
    recipeText = try document.text()
    let candidates =
      file.map { [$0] }
      ?? ([folder.weights] + folder.checkpointEpochs().map(folder.checkpoint(ofEpoch:)))
      .filter { FileManager.default.fileExists(atPath: $0) }
    guard let path = candidates.first else { throw TrainingError.noWeights(path: folder.path) }
    let layout = try StoreLayout(recipe.model, seed: recipe.seed)
    let contents = try Safetensors(path: path)
    weights = try Weights(
      contents.weightsAlone, layout: layout.parameters, stateLayout: layout.state, path: path)
    weightsPath = path
    epoch = contents.metadata["epoch"].flatMap { Int($0) } ?? 0
  }

  /// The folder of a run, and the file in it where that is named.
  package static func place(
    _ argument: String
  ) throws(TrainingError) -> (folder: RunFolder, file: String?) {
    if argument == "last" { return (try last(), nil) }
    let folder = RunFolder(argument)
    guard folder.exists, !folder.isFolder else {
      guard folder.exists else { throw .noRun(path: argument) }
      return (folder, nil)
    }
    // A checkpoint lies one folder deeper than the weights.
    for depth in 1...2 {
      let parts = folder.path.split(separator: "/", omittingEmptySubsequences: false)
      let parent = parts.dropLast(depth).joined(separator: "/")
      let isRelativeRoot = parts.count == depth
      let run = RunFolder(isRelativeRoot ? "." : parent.isEmpty ? "/" : parent)
      if run.isRun { return (run, folder.path) }
    }
    throw .noRun(path: argument)
  }

  /// The run under `runs/` that was started last; of several at one time the last by name.
  private static func last() throws(TrainingError) -> RunFolder {
    let started = all(in: "runs").map { ($0.environment.started, $0.folder) }
    guard let newest = started.max(by: { ($0.0, $0.1.path) < ($1.0, $1.1.path) }) else {
      throw .noRun(path: "last")
    }
    return newest.1
  }

  /// Every run in a folder, by name; what is no run is passed over.
  package static func all(
    in folder: String
  ) -> [(folder: RunFolder, environment: RunEnvironment)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      let run = RunFolder("\(folder)/\(name)")
      guard !name.hasPrefix("."), run.isRun, let environment = try? RunEnvironment(of: run) else {
        return nil
      }
      return (run, environment)
    }
  }
}

extension RunFolder {
  fileprivate var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

extension StoreLayout {
  /// Where a model's values lie, with what trains nothing.
  package init(_ model: Model, seed: UInt64, feeds: [Feed: FeedLayout] = [:]) throws {
    self.init(
      parameters: ParameterLayout(try model.parameters().map { ($0.name, $0.shape) }),
      state: StateLayout(try model.states().map { ($0.name, $0.shape) }), momentCount: 0,
      seed: seed, feeds: feeds)
  }
}
