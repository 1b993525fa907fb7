import Datasets
import Graphs
import Layers
import Recipes
import Reports
import Training

/// Exports a trained run for other programs.
package struct ModelExport {
  /// A part that is exported as a separate model.
  package enum Part: String, CaseIterable, Sendable {
    case whole = "model"
    case encoder, decoder
  }

  let saved: SavedRun
  /// The version of this program.
  let version: String
  let scaling: FeatureScaling
  private let weights: [String: Safetensors.Tensor]

  /// - Throws: `ExportError.withoutScaling` if the model scales and the run has not stored the
  ///   scaling.
  package init(_ saved: SavedRun, version: String) throws(ExportError) {
    self.saved = saved
    self.version = version
    if let description = saved.description {
      scaling = description.scaling
    } else {
      guard saved.recipe.model.normalization == .none else {
        throw .withoutScaling(run: saved.folder)
      }
      scaling = FeatureScaling()
    }
    weights = Dictionary(
      uniqueKeysWithValues: saved.weights.tensors().map { ($0.name, $0) })
  }

  /// The model or a part of it. Its input is `input`, on the scale of the data before
  /// normalization; its outputs are `reconstruction`, on the scale of the data, and `code`, or
  /// `mean` and `logVariance` for a variational model, or `code` and `indices` for a model with a
  /// codebook. The decoder goes from `code` to `reconstruction`. A conditional model also has an
  /// input `label`.
  package func onnx(_ part: Part) throws -> ONNXModel {
    var model = saved.recipe.model
    model.corruption = nil
    let step: BatchedGraph
    var outputs: [(name: String, id: TensorID)] = []
    switch part {
    case .whole:
      step = try BatchedGraph { try model.reconstructionStep(.examples($0)) }
      outputs = [("reconstruction", step.outputs["reconstruction"]!)] + codes(of: step)
    case .encoder:
      step = try BatchedGraph { try model.encodingStep(.examples($0)) }
      outputs = codes(of: step)
    case .decoder:
      step = try BatchedGraph { try model.decodingStep(count: $0) }
      outputs = [("reconstruction", step.outputs["decoded"]!)]
    }
    var translation = ONNXTranslation(step, weights: weights, scaling: scaling)
    var graph = try translation.graph(named: saved.recipe.name, outputs: outputs)
    for index in graph.inputs.indices {
      graph.inputs[index].documentation = documentation(of: graph.inputs[index].name)
    }
    for index in graph.outputs.indices {
      graph.outputs[index].documentation = documentation(of: graph.outputs[index].name)
    }
    return ONNXModel(
      producer: "aegpu", producerVersion: version, documentation: documentation(of: part),
      metadata: metadata, graph: graph)
  }

  private func codes(of step: BatchedGraph) -> [(name: String, id: TensorID)] {
    let code = step.outputs["code"]!
    if let logVariance = step.outputs["logVariance"] {
      return [("mean", code), ("logVariance", logVariance)]
    }
    return [("code", code)] + (step.outputs["indices"].map { [("indices", $0)] } ?? [])
  }

  /// Writes the whole and its parts, each as an ONNX file; all of them or none.
  /// - Parameter folder: created if it does not exist.
  package func writeParts(to folder: String) throws {
    let models = try Part.allCases.map { (name: "\($0.rawValue).onnx", model: try onnx($0)) }
    try OutputFolder(folder).fill(models.map(\.name)) {
      for (name, model) in models { try write(model, to: "\(folder)/\(name)") }
    }
  }

  /// Writes a model of this run, completely or not at all. Then reads the file and compares it with
  /// the model and with the run's weights, bit by bit.
  /// - Parameter path: `-` for standard output, which cannot be read again.
  package func write(_ model: ONNXModel, to path: String) throws {
    let bytes = try model.bytes()
    try AtomicFile.write(bytes, to: path)
    try check(path == "-" ? bytes : [UInt8](Self.contents(of: path)), of: model, path)
  }

  private func check(_ bytes: [UInt8], of model: ONNXModel, _ path: String) throws {
    func wrong(_ expected: String, _ received: String) -> ExportError {
      .notAsWritten(path: path, expected: expected, received: received)
    }
    let read: ONNXModel
    do {
      read = try ONNXModel(bytes: bytes)
    } catch {
      throw wrong("an ONNX model", error.reason)
    }
    for constant in read.graph.constants {
      guard let own = weights[constant.name] else { continue }
      guard constant == ONNXTensor(own, named: own.name) else {
        throw wrong("the run's \(constant.name)", "other values")
      }
    }
    guard read == model else { throw wrong("the written model", "another one") }
  }
}
