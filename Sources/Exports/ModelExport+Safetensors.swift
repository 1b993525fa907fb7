import Foundation
import Layers
import Recipes
import Reports
import Training

extension ModelExport {
  /// Writes the weights, their configuration, and a model card; all of them or none.
  ///
  /// The weights keep their metadata, so this program reads the file like a run's weights.
  /// - Parameter folder: created if it does not exist.
  package func writeFolder(_ folder: String) throws {
    let (configuration, card) = try (self.configuration(), self.card())
    try OutputFolder(folder).fill(["model.safetensors", "config.json", "README.md"]) {
      try writeWeights(to: folder + "/model.safetensors")
      try AtomicFile.write(configuration, to: folder + "/config.json")
      try AtomicFile.write(card, to: folder + "/README.md")
    }
  }

  private func writeWeights(to path: String) throws {
    let tensors = saved.weights.tensors()
    try Safetensors(tensors: tensors, metadata: saved.metadata).write(to: path)
    // Sorted by name, like the tensors that were read.
    let read = try Safetensors(path: path).tensors
    guard read.elementsEqual(tensors.sorted { $0.name < $1.name }, by: { $0.isSame(as: $1) }) else {
      throw ExportError.notAsWritten(
        path: path, expected: "the run's tensors", received: "other tensors")
    }
  }

  /// JSON: the recipe, the layers with their tensors, the scaling of the input, names of classes and
  /// columns.
  private func configuration() throws -> String {
    let layers = try JSONSerialization.jsonObject(
      with: Data(saved.recipe.model.listing().jsonText().utf8))
    var fields: [String: Any] = [
      "name": saved.recipe.name, "program": "aegpu", "version": version,
      "input": ["shape": saved.recipe.model.input.dimensions, "documentation": inputDocumentation],
      "code": ["shape": try saved.recipe.model.codeShape().dimensions],
      "normalization": [
        "kind": saved.recipe.preparation.rawValue, "byteScale": scaling.byteScale,
        "shift": scaling.shift, "factor": scaling.factor, "fill": scaling.fill,
      ], "layers": layers,
      "recipe": try recipe.object(),
    ]
    fields["epoch"] = saved.epochOfWeights.flatMap(Int.init)
    fields["classes"] = saved.description?.classes
    fields["columns"] = saved.description?.columns
    let data = try JSONSerialization.data(
      withJSONObject: fields, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// The recipe with all overrides.
  private var recipe: RecipeDocument {
    get throws {
      if let text = saved.metadata["recipe"] {
        return try RecipeDocument(text: text, source: saved.weightsPath)
      }
      return try RecipeDocument(named: saved.folder + "/recipe.yaml")
    }
  }
}

extension Safetensors.Tensor {
  /// Compares bit by bit.
  fileprivate func isSame(as other: Safetensors.Tensor) -> Bool {
    name == other.name && shape == other.shape
      && values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }
}
