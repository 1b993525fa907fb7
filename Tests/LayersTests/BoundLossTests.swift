import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// What a loss of several codes for each example, and one with a discrepancy from the prior, have.
@Suite struct BoundLossTests {
  private func model(samples: Int) -> Model {
    var model = SmallModels.vae
    model.latent = .variational(units: 3, samples: samples)
    return model
  }

  @Test func oneColumnInPlaceOfTwo() throws {
    let parts = try model(samples: 4).evaluationStep(SmallModels.batch(5)).parts
    #expect(parts == [LossPart(name: "bound", weight: 1)])
    #expect(
      try model(samples: 1).evaluationStep(SmallModels.batch(5)).parts.map(\.name) == [
        "reconstruction", "kl",
      ])
  }

  /// The decoder computes a row for each draw; gradients reach every parameter.
  @Test func trains() throws {
    let step = try model(samples: 4).trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam)
    let samples = step.graph.nodes.compactMap { node -> Shape? in
      guard case .importanceSample = node.op else { return nil }
      return step.graph.shape(node.outputs[0])
    }
    #expect(samples == [[20, 3]])
  }

  @Test func aDiscrepancyIsATerm() throws {
    var model = SmallModels.vae
    model.loss.discrepancy = DiscrepancyPenalty(weight: 10)
    let parts = try model.evaluationStep(SmallModels.batch(5)).parts
    #expect(parts.map(\.name) == ["reconstruction", "kl", "mmd"] && parts[2].weight == 10)
    var plain = SmallModels.tied
    #expect(!plain.followsPrior)
    plain.loss.discrepancy = DiscrepancyPenalty(weight: 10)
    #expect(plain.followsPrior)
  }
}
