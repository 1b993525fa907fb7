import Datasets
import Graphs
import Layers
import Plans

/// Weights that a run begins with: all of a network's, or those of some of its parts.
package struct InitialWeights {
  package let file: RunEnvironment.File
  /// The parts that are taken; `nil`: all.
  package let parts: [NetworkPart]?
  private let tensors: Safetensors

  /// - Parameters:
  ///   - source: a safetensors file, a checkpoint, a run's folder, or `last`.
  ///   - parts: the parts that are taken; none: all.
  package init(_ source: String, parts: [NetworkPart]) throws {
    var path = source
    if source == "last" || RunFolder(source).isRun {
      path = try SavedRun(named: source).weightsPath
    }
    tensors = try Safetensors(path: path).weightsAlone
    file = RunEnvironment.File(path: path, sha256: try SHA256.hash(ofFile: path))
    self.parts = parts.isEmpty ? nil : parts
  }

  /// The first weights of a run; parts that are not taken are drawn by the seed.
  /// - Throws: `TrainingError.weights` with every tensor that is missing, extra or misshaped, of the
  ///   parts that are taken.
  package func weights(for plans: RunPlans, seed: UInt64) throws -> Weights {
    let drawn = Weights(plans, seed: seed)
    guard let parts else {
      return try Weights(
        tensors, layout: plans.store.parameters, stateLayout: plans.store.state, path: file.path)
    }
    func isTaken(_ name: String) -> Bool { parts.contains { $0.has(name) } }
    let own = tensors.tensors.filter { isTaken($0.name) }
    let others = drawn.tensors().filter { !isTaken($0.name) }
    return try Weights(
      Safetensors(tensors: own + others), layout: plans.store.parameters,
      stateLayout: plans.store.state, path: file.path)
  }
}
