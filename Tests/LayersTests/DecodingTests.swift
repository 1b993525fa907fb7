import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The decoder by itself, against the whole model, on the reference backend.
@Suite struct DecodingTests {
  private static let standard: Model = {
    var model = SmallModels.smooth
    model.normalization = .standard
    return model
  }()

  /// Codes that the whole model made are decoded to what the whole model made of them.
  @Test(arguments: SmallModels.all + [standard])
  func decodesAsTheWholeModelDoes(_ model: Model) throws {
    var model = model
    model.corruption = nil
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let whole = try model.reconstructionStep(SmallModels.batch(5))
    let alone = try model.decodingStep(count: 5)
    let both = try [whole, alone].map { step in
      let executable = try store.prepare(SmallModels.plan("step", step, of: model))
      for name in ["shift", "factor"] {
        guard let id = step.inputs[name] else { continue }
        let count = step.graph.shape(id).count
        try executable.write((0..<count).map { 0.5 + Double($0) / 10 }, to: id)
      }
      return executable
    }
    try both[0].run()
    let code = try #require(whole.outputs["code"])
    try both[1].write(both[0].read(code), to: #require(alone.inputs["code"]))
    try both[1].run()
    let expected = try both[0].read(#require(whole.outputs["reconstruction"]))
    let decoded = try both[1].read(#require(alone.outputs["decoded"]))
    #expect(decoded == expected && decoded.count == 5 * model.input.count)
  }

  @Test func codeShapes() throws {
    #expect(try SmallModels.dense.codeShape() == [3])
    #expect(try SmallModels.vae.codeShape() == [3])
    #expect(try SmallModels.pooled.codeShape() == [2, 2, 3])
    let step = try SmallModels.pooled.decodingStep(count: 7)
    #expect(step.graph.shape(try #require(step.inputs["code"])) == [7, 2, 2, 3])
    #expect(step.graph.shape(try #require(step.outputs["decoded"])) == [7, 5, 6, 1])
  }

  /// Nothing of the encoder is computed, but all that it has is declared.
  @Test(arguments: SmallModels.all)
  func theEncoderIsDeclaredOnly(_ model: Model) throws {
    let names = try model.parameters().map(\.name)
    let decoderCount = try model.reconstructionStep(SmallModels.batch(5)).graph.nodes.count
    for step in [
      try model.decodingStep(count: 2), try model.samplingStep(count: 2, feed: .training),
    ] {
      #expect(step.graph.parameters.map(\.name) == names)
      #expect(step.graph.nodes.count < decoderCount)
      let roles = step.graph.nodes.flatMap(\.inputs).map { step.graph[$0].role }
      #expect(!roles.contains(.input(name: "example")))
    }
  }
}
