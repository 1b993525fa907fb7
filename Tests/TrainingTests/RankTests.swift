import Datasets
import Graphs
import Plans
import Ranks
import Recipes
import TestSupport
import Testing
import Training

/// Training in several ranks, which are threads here: each computes its part of the batches.
@Suite struct RankTests {
  /// What a rank has at the end of a golden run.
  struct End: Sendable {
    let losses: [Double]
    let weights: Weights
  }

  /// Ten steps in ranks, from a golden run's weights.
  private func train(
    _ golden: GoldenRun, _ recipe: Recipe, on device: TestDevice, ranks count: Int
  ) throws -> [End] {
    let data = try TrainingData(training: golden.examples(recipe.model.input), validation: nil)
    return try RankThreads.run(count) { ranks in
      let plans = try RunPlans(recipe, data, of: ranks.place)
      let layout = plans.store.parameters
      let drawn = Weights(plans, seed: recipe.seed)
      let first = Weights(
        layout: layout, flat: golden.flat(golden.initialWeights, layout),
        stateLayout: drawn.stateLayout, state: drawn.state)
      let trainer = try Trainer(
        recipe, data, plans: plans, on: device.openOwn(), with: ranks, from: .weights(first))
      trainer.logSteps = 1
      var asked = 0
      var losses: [Double] = []
      var end: Weights?
      _ = try trainer.run(
        shouldStop: {
          asked += 1
          return asked > golden.steps
        },
        handle: { event in
          if case .step(let report) = event { losses.append(report.loss.loss) }
          if case .checkpoint(let state) = event { end = state.weights }
        })
      return End(losses: losses, weights: try #require(end))
    }
  }

  /// Losses, weights and layer state of every golden run. Batches of 5 are divided unevenly, and the
  /// last batch of 2 is too small for three ranks.
  @Test(arguments: GoldenRun.names, [2, 3])
  func agreesWithTheWholeBatch(name: String, ranks: Int) throws {
    let (golden, recipe) = try GoldenRun.load(name)
    try expectAgreement(golden, recipe, TestDevice.all[1], ranks: ranks)
  }

  /// The same on OpenCL devices, for what exchanges more than gradients, or draws random numbers.
  @Test(
    arguments: ["conv-batch-norm", "vq", "infovae", "conv-dropout", "vae-gan"],
    OpenCLTestDevice.all)
  func agreesOnOpenCL(name: String, device: OpenCLTestDevice) throws {
    let (golden, recipe) = try GoldenRun.load(name)
    try expectAgreement(golden, recipe, TestDevice(device), ranks: 2)
  }

  private func expectAgreement(
    _ golden: GoldenRun, _ recipe: Recipe, _ device: TestDevice, ranks count: Int
  ) throws {
    let ends = try train(golden, recipe, on: device, ranks: count)
    let first = ends[0]
    #expect(
      device.tolerance.firstDifference(first.losses, golden.losses.map { $0["loss"]! }) == nil)
    let (layout, state) = (first.weights.layout, first.weights.stateLayout)
    #expect(
      device.tolerance.firstDifference(first.weights.flat, golden.flat(golden.weights, layout))
        == nil)
    #expect(
      device.tolerance.firstDifference(first.weights.state, golden.flat(golden.state, state)) == nil
    )
    for other in ends.dropFirst() {
      #expect(other.losses == first.losses)
      #expect(other.weights == first.weights)
    }
  }

  /// The batches of a validation are divided among the ranks; all get the report of one process.
  @Test func validationIsShared() throws {
    let recipe = try smallRecipe(epochs: 2, latent: true)
    let data = try TrainingData(
      training: smallExamples(count: 40), validation: smallExamples(count: 2500, start: 40))
    @Sendable func losses(_ ranks: RankGroup?) throws -> [Double] {
      let plans = try RunPlans(recipe, data, of: ranks?.place)
      let trainer = try Trainer(
        recipe, data, plans: plans, on: TestDevice.all[1].openOwn(), with: ranks)
      var found: [Double] = []
      _ = try trainer.run { event in
        if case .epoch(let report) = event { found.append(report.validation!.loss) }
      }
      return found
    }
    let alone = try losses(nil)
    let shared = try RankThreads.run(2) { try losses($0) }
    #expect(shared[0] == shared[1])
    #expect(TestDevice.all[1].tolerance.firstDifference(shared[0], alone) == nil)
  }

  /// Alone, nothing is exchanged; in ranks, the gradients once a phase.
  @Test func plansExchange() throws {
    func exchanges(_ name: String, ranks count: Int) throws -> [[Int]] {
      let (golden, recipe) = try GoldenRun.load(name)
      let data = try TrainingData(training: golden.examples(recipe.model.input), validation: nil)
      let place = count == 1 ? nil : RankPlace(rank: 0, count: count)
      return try RunPlans(recipe, data, of: place).training.phases.map { phase in
        phase.full.steps.compactMap {
          if case .allReduce(let op) = $0.op { op.inPlaceCount } else { nil }
        }
      }
    }
    #expect(try exchanges("dense", ranks: 1) == [[]])
    #expect(try exchanges("dense", ranks: 2) == [[12]])
    // Mean, variance, and the sums of the gradient, before the gradients.
    #expect(try exchanges("batch-norm", ranks: 2) == [[0, 0, 0, 6]])
    #expect(try exchanges("vq", ranks: 5)[0].count == 2)
    #expect(try exchanges("adversarial", ranks: 2).allSatisfy { $0.last ?? 0 > 0 })
    #expect(throws: RankError.smallBatch(size: 5, ranks: 6)) { try exchanges("dense", ranks: 6) }
  }

  /// Weights that differ end the training on all ranks.
  @Test func differentWeights() throws {
    let recipe = try smallRecipe()
    let data = try TrainingData(training: smallExamples(count: 12), validation: nil)
    let errors = try RankThreads.run(2) { ranks -> String in
      let plans = try RunPlans(recipe, data, of: ranks.place)
      let start = Trainer.Start.weights(Weights(plans, seed: UInt64(ranks.place.rank)))
      let trainer = try Trainer(
        recipe, data, plans: plans, on: TestDevice.reference.open(), with: ranks, from: start)
      let error = #expect(throws: RankError.self) { try trainer.run { _ in } }
      return error.map { "\($0)" } ?? ""
    }
    #expect(
      errors
        == [String](
          repeating: "expected the same weights after epoch 0 on all ranks, received another on "
            + "rank 1 than on rank 0", count: 2))
  }
}
