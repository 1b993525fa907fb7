import Datasets
import Graphs
import Layers
import Plans

/// The initial weights of a run: of all parts of a network, or of some.
package struct InitialWeights {
  package let file: RunEnvironment.File
  /// The parts that get weights; `nil`: all.
  package let parts: [NetworkPart]?
  private let tensors: Safetensors

  /// - Parameters:
  /// - source: a safetensors file, a checkpoint, a run folder, or `last`.
  /// - parts: the parts that get weights; empty: all.
  package init(_ source: String, parts: [NetworkPart]) throws {
    var path = source
    if source == "last" || RunFolder(source).isRun {
      path = try SavedRun(named: source).weightsPath
    }
    tensors = try Safetensors(path: path).weightsAlone
    file = RunEnvironment.File(path: path, sha256: try SHA256.hash(ofFile: path))
    self.parts = parts.isEmpty ? nil : parts
  }

  /// The initial weights of a run; other parts are initialized by the seed.
  ///
  /// Tensors are matched by their names in aegpu. If a file has other names, or says that it is
  /// from PyTorch, they are matched by the names and layouts of PyTorch or Keras.
  /// - Returns: the weights, and a note about how they were matched.
  /// - Throws: `TrainingError.weights` with every tensor of these parts that is missing, extra or
  ///   misshaped; `.foreignWeights` if another program's weights do not fit.
  package func weights(
    for plans: RunPlans, of model: Model, seed: UInt64
  ) throws -> (weights: Weights, note: String?) {
    let entries = (plans.store.parameters.entries + plans.store.state.entries)
      .filter { isTaken($0.name) }
    let shapes = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
    let own = Result { () throws(TrainingError) in try weights(tensors, for: plans, seed: seed) }
    guard isForeign(own) else { return (try own.get(), nil) }
    do {
      let found = try ForeignWeights(
        tensors, for: model, parts: parts, shapes: shapes, path: file.path)
      guard let found else { return (try own.get(), nil) }
      return (try weights(found.file, for: plans, seed: seed), found.note)
    } catch {
      // If all names are those of aegpu, the error about their tensors is more useful.
      guard tensors.tensors.allSatisfy({ shapes[$0.name] != nil }) else { throw error }
      return (try own.get(), nil)
    }
  }

  /// Whether another program may have written the file: it says so, or its tensors are not those of
  /// the model and it has no recipe.
  private func isForeign(_ own: Result<Weights, TrainingError>) -> Bool {
    if tensors.metadata["format"] == "pt" { return true }
    guard case .failure(.weights) = own else { return false }
    return tensors.metadata["recipe"] == nil
  }

  private func isTaken(_ name: String) -> Bool {
    parts.map { $0.contains { $0.has(name) } } ?? true
  }

  private func weights(
    _ tensors: Safetensors, for plans: RunPlans, seed: UInt64
  ) throws(TrainingError) -> Weights {
    let (layout, state) = (plans.store.parameters, plans.store.state)
    guard parts != nil else {
      return try Weights(tensors, layout: layout, stateLayout: state, path: file.path)
    }
    let own = tensors.tensors.filter { isTaken($0.name) }
    let others = Weights(plans, seed: seed).tensors().filter { !isTaken($0.name) }
    return try Weights(
      Safetensors(tensors: own + others), layout: layout, stateLayout: state, path: file.path)
  }
}
