import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The gradients of whole models, as planned and fused, against central differences of their own
/// loss.
@Suite struct ModelGradientTests {
  /// Straight through a codebook goes a gradient that is not the loss's.
  @Test(arguments: SmallModels.all.filter { $0.codebook == nil })
  func matchesCentralDifferences(_ model: Model) throws {
    #expect(try SmallModels.gradientFaults(model, most: 64) == [])
  }

  /// Normalised by the batch while it trains, by what it saw in evaluation.
  @Test func runningStatisticsFollowTheBatches() throws {
    let model = SmallModels.images
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let evaluation = try store.prepare(
      SmallModels.plan("evaluation", model.evaluationStep(SmallModels.batch(5)), of: model))
    let training = try store.prepare(SmallModels.trainingPlan(model, fused: true))
    func evaluate() throws -> [Double] {
      try store.begin(.training, step: 0, order: nil, schedule: [])
      try evaluation.run()
      return try store.losses(.training, rows: 0..<1)
    }
    let (first, again) = (try evaluate(), try evaluate())
    #expect(first == again)
    let fresh = try store.read(.state)
    try store.begin(
      .training, step: 0, order: nil,
      schedule: [SmallModels.adam.schedule(step: 1, learningRate: 0)])
    try training.run()
    let state = try store.read(.state)
    let layout = try SmallModels.stateLayout(model)
    for entry in layout.entries {
      let range = entry.offset..<entry.offset + entry.shape.count
      #expect(Array(state[range]) != Array(fresh[range]), "\(entry.name) moved")
    }
    #expect(try evaluate() != first)

    // The same batch once more: s₂ − s₁ = momentum · (s₁ − s₀).
    try store.begin(
      .training, step: 0, order: nil,
      schedule: [SmallModels.adam.schedule(step: 1, learningRate: 0)])
    try training.run()
    let later = try store.read(.state)
    for entry in layout.entries {
      let momentum = entry.name.hasPrefix("encoder") ? 0.8 : 0.99
      for index in entry.offset..<entry.offset + entry.shape.count {
        let ratio = (later[index] - state[index]) / (state[index] - fresh[index])
        #expect(abs(ratio - momentum) < 1e-9, "\(entry.name): \(ratio)")
      }
    }
  }

  /// A step that is not finite moves neither weights nor statistics.
  @Test func nothingMovesAfterWhatIsNotFinite() throws {
    let model = SmallModels.images
    let store = try SmallModels.store(model, on: ReferenceBackend())
    var weights = try store.read(.parameters)
    weights[0] = .nan
    try store.write(weights, to: .parameters)
    let state = try store.read(.state)
    try store.begin(
      .training, step: 7, order: nil,
      schedule: [SmallModels.adam.schedule(step: 1, learningRate: 1)])
    try store.prepare(SmallModels.trainingPlan(model, fused: true)).run()
    #expect(try store.firstNonFiniteStep() == 7)
    #expect(try store.read(.state) == state)
    #expect(try store.read(.parameters).dropFirst() == weights.dropFirst())
  }
}
