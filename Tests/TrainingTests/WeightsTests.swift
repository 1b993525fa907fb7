import Foundation
import Graphs
import Layers
import Plans
import Randoms
import Testing
import Training

@Suite struct WeightsTests {
  private let layout = ParameterLayout([
    (name: "a", shape: [2, 2]), (name: "b", shape: [3]), (name: "c", shape: [1]),
  ])

  @Test func tensorsAndBack() throws {
    let file = Safetensors(tensors: [
      Safetensors.Tensor(name: "c", shape: [1], values: [8]),
      Safetensors.Tensor(name: "a", shape: [2, 2], values: [1, 2, 3, 4]),
      Safetensors.Tensor(name: "b", shape: [3], values: [5, 6, 7]),
    ])
    let weights = try Weights(file, layout: layout, path: "f")
    #expect(weights.flat.count == layout.count)
    #expect(weights.flat[layout.entries[1].offset] == 5)
    #expect(weights.tensors().map(\.name) == ["a", "b", "c"])
    #expect(weights.tensors(prefix: "m.").map(\.name) == ["m.a", "m.b", "m.c"])
    #expect(
      try Weights(Safetensors(tensors: weights.tensors()), layout: layout, path: "f") == weights)
  }

  @Test func everyFaultIsListed() {
    let file = Safetensors(tensors: [
      Safetensors.Tensor(name: "a", shape: [4], values: [1, 2, 3, 4]),
      Safetensors.Tensor(name: "x1", shape: [1], values: [5]),
      Safetensors.Tensor(name: "bias", shape: [1], values: [5]),
    ])
    let error = #expect(throws: TrainingError.self) {
      try Weights(file, layout: layout, path: "f")
    }
    #expect(
      error?.description == "f: expected the weights of this recipe's network, received missing b, "
        + "c; extra x1, bias; a [4], which is [2, 2] in the network; use weights of the same network"
    )
  }

  @Test func whatIsNotFiniteIsRefused() {
    for value in [Float.nan, .infinity] {
      let file = Safetensors(tensors: [
        Safetensors.Tensor(name: "a", shape: [2, 2], values: [1, 2, 3, 4]),
        Safetensors.Tensor(name: "b", shape: [3], values: [5, value, 7]),
        Safetensors.Tensor(name: "c", shape: [1], values: [8]),
      ])
      let error = #expect(throws: TrainingError.self) {
        try Weights(file, layout: layout, path: "f")
      }
      #expect(
        error?.description == "f: expected finite weights, received \(value) in b; use the "
          + "weights of a run that did not diverge")
    }
  }

  /// Weights that a run wrote are read with the same bits.
  @Test func checkpointReadBack() throws {
    for steps in [3, 4] {
      let (told, trainer, _) = try train(
        smallRecipe(), training: smallExamples(count: 17), on: TestDevice.all[1].open(),
        stopAfter: steps)
      let kept = try #require(told.checkpoints.last)
      let file = kept.file(["recipe": "text"])
      let bytes = try Safetensors(bytes: file.bytes, path: "f")
      let back = try Checkpoint(
        bytes, store: trainer.plans.store, path: "f")
      #expect(back == kept)
      #expect(bytes.metadata["recipe"] == "text")
      #expect((back.step, back.epochStep, back.seed) == (steps, steps % 4, 3))
      #expect(back.moments[0].values[1].flat.contains { $0 > 0 })
    }
  }
}
