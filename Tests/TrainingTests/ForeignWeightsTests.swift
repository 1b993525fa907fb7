import Graphs
import Layers
import Recipes
import TestSupport
import Testing
import Training

/// Errors for weights with other programs' names; PeerTests test the accepted ones.
@Suite struct ForeignWeightsTests {
  private let model = Model(
    input: [4], encoder: [.dense(Dense(units: 3)), .dense(Dense(units: 2))],
    latent: .deterministic, decoder: [.dense(Dense(units: 4))],
    loss: Loss(reconstruction: .squaredError, reduction: .mean))

  private func tensor(_ name: String, _ shape: Shape) -> Safetensors.Tensor {
    Safetensors.Tensor(
      name: name, shape: shape, values: (0..<shape.count).map { Float($0) })
  }

  /// Linear layers of PyTorch, by their names and sizes.
  private func linear(_ layers: [(name: String, inputs: Int, outputs: Int)]) -> Safetensors {
    Safetensors(
      tensors: layers.flatMap {
        [
          tensor("\($0.name).weight", [$0.outputs, $0.inputs]),
          tensor("\($0.name).bias", [$0.outputs]),
        ]
      })
  }

  private func adopt(_ file: Safetensors, parts: [NetworkPart]? = nil) throws -> ForeignWeights? {
    let shapes = try model.parameters().filter { declaration in
      parts.map { $0.contains { $0.has(declaration.name) } } ?? true
    }
    return try ForeignWeights(
      file, for: model, parts: parts,
      shapes: Dictionary(uniqueKeysWithValues: shapes.map { ($0.name, $0.shape) }), path: "f")
  }

  private func refusal(_ file: Safetensors) -> String? {
    #expect(throws: TrainingError.self) { try adopt(file) }?.description
  }

  @Test func takesLayersByTheirNumbers() throws {
    let file = linear([("net.2", 4, 3), ("net.9", 3, 2), ("net.10", 2, 4)])
    let found = try #require(try adopt(file))
    #expect(
      found.note
        == "f: PyTorch names, layers matched in order (encoder.0 from net.2, encoder.1 from "
        + "net.9, decoder.0 from net.10); transposed: dense and recurrent weights, convolutions from "
        + "channels first")
    #expect(found.file["encoder.1.weight"]?.values == [0, 3, 1, 4, 2, 5])
    #expect(found.file.tensors.count == 6)
    let encoder = try adopt(
      linear([("encoder.0", 4, 3), ("encoder.1", 3, 2), ("decoder.0", 9, 9)]), parts: [.encoder])
    #expect(encoder?.file.tensors.count == 4)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let tail = "; use weights of the same network, or give them the names that aegpu summary shows"
    #expect(
      refusal(linear([("fc1", 4, 3), ("fc2", 3, 2)]))
        == "f: expected, in the naming of PyTorch, 3 layers of kind dense for encoder.0, encoder.1, "
        + "decoder.0, received 2, fc1, fc2" + tail)
    #expect(
      refusal(
        linear([
          ("encoder.0", 4, 3), ("encoder.2", 3, 2), ("decoder1.0", 2, 4), ("decoder1.1", 4, 4),
        ]))
        == "f: expected, in the naming of PyTorch, 1 layers of kind dense for decoder.0, received 2, "
        + "decoder1.0, decoder1.1; the nearest name is decoder1.0" + tail)
    #expect(
      refusal(linear([("fc1", 4, 3), ("fc2", 3, 2), ("out", 2, 4)]))
        == "f: expected, in the naming of PyTorch, layers of kind dense whose names differ only in the "
        + "numbers that give their order, received fc1, fc2, out" + tail)
    #expect(
      refusal(linear([("fc1", 4, 3), ("fc2", 3, 5), ("fc3", 2, 4)]))
        == "f: expected, in the naming of PyTorch, encoder.1.bias [2], received fc2.bias, which is [5] "
        + "in the layout of aegpu" + tail)
    var bare = linear([("fc1", 4, 3), ("fc2", 3, 2), ("fc3", 2, 4)])
    bare.tensors.removeAll { $0.name == "fc2.bias" }
    #expect(
      refusal(bare)
        == "f: expected, in the naming of PyTorch, encoder.1.bias [2], received fc2 with only weight"
        + tail)
  }

  /// Of no convention, or of a model that they have no names for.
  @Test func leavesOtherFilesAlone() throws {
    #expect(try adopt(Safetensors(tensors: [tensor("a", [1])])) == nil)
    #expect(
      try adopt(Safetensors(tensors: [tensor("fc.weight", [1, 2]), tensor("fc.scale", [1])])) == nil
    )
    var tied = model
    tied.decoder = [.tiedDense(TiedDense())]
    #expect(
      try ForeignWeights(
        linear([("fc1", 4, 3)]), for: tied, parts: nil, shapes: [:], path: "f") == nil)
  }
}
