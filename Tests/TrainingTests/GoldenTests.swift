import Graphs
import Plans
import TestSupport
import Testing
import Training

/// Ten steps compared with another framework: losses and their parts, the first step's gradients,
/// the final weights and layer state.
@Suite struct GoldenTests {
  @Test(arguments: GoldenRun.names, TestDevice.styled)
  func agrees(name: String, device: TestDevice) throws {
    try expectAgreement(name, device)
  }

  /// However its products are computed.
  @Test(arguments: OpenCLTestDevice.forced)
  func agreesByEveryCandidate(device: OpenCLTestDevice) throws {
    let choices = try expectAgreement("pool-overlapping", TestDevice(device))
    #expect(device.isFollowed(in: choices), "\(choices)")
  }

  /// - Returns: how products were computed.
  @discardableResult
  private func expectAgreement(_ name: String, _ device: TestDevice) throws -> [ProductChoice] {
    let (golden, recipe) = try GoldenRun.load(name)
    let examples = golden.examples(recipe.model.input)
    let plans = try RunPlans(recipe, try TrainingData(training: examples, validation: nil))
    let layout = plans.store.parameters
    let drawn = Weights(plans, seed: recipe.seed)
    let first = Weights(
      layout: layout, flat: golden.flat(golden.initialWeights, layout),
      stateLayout: drawn.stateLayout, state: drawn.state)

    var reports: [LossReport] = []
    let (told, trainer, error) = try train(
      recipe, training: examples, on: device.open(), from: .weights(first), stopAfter: golden.steps
    ) { event, trainer in
      // The log of an epoch is complete when the epoch is reported, and shorter if the run stops.
      let rows: Int
      switch event {
      case .epoch: rows = plans.training.batches.stepCount
      case .checkpoint(let checkpoint): rows = checkpoint.epochStep
      default: return
      }
      for row in 0..<rows {
        var means = LossMeans(recipe.model, plans.parts)
        let size = plans.training.batches.size(ofStep: row)
        means.add(
          try trainer.session.store.losses(.training, rows: row..<row + 1), sizes: [size],
          at: LossMeans.Moment(
            step: reports.count + 1, stepsPerEpoch: plans.training.batches.stepCount))
        reports.append(means.report)
      }
    }
    #expect(error == nil)
    let losses = golden.losses.map { $0["loss"]! }
    #expect(device.tolerance.firstDifference(reports.map(\.loss), losses) == nil)
    for part in golden.losses[0].keys where part != "loss" {
      // Divergences are in nats there, whatever their weight.
      let found = reports.compactMap { report in
        report.unweighted.first { [part, "\(part)Nats"].contains($0.name) }?.value
          ?? (report.parts + report.phases).first { $0.name == part }?.value
      }
      #expect(
        device.tolerance.firstDifference(found, golden.losses.map { $0[part]! }) == nil, "\(part)")
    }
    for report in reports {
      let names = (report.parts + report.phases + report.unweighted).map(\.name)
      #expect(
        Set(names.filter { $0 != "klNats" }) == Set(golden.losses[0].keys).subtracting(["loss"]))
    }

    let end = try #require(told.checkpoints.last)
    #expect(end.step == golden.steps)
    let weights = golden.flat(golden.weights, layout)
    #expect(device.tolerance.firstDifference(end.weights.flat, weights) == nil)
    let state = golden.flat(golden.state, plans.store.state)
    #expect(device.tolerance.firstDifference(end.weights.state, state) == nil)

    let (_, one, _) = try train(
      recipe, training: examples, on: device.open(), from: .weights(first), stopAfter: 1)
    let gradients = golden.flat(golden.gradients, layout)
    #expect(
      device.gradientTolerance.firstDifference(try one.session.store.read(.gradients), gradients)
        == nil)
    return trainer.productChoices
  }

  /// The parts of a variational loss, as an epoch reports them.
  @Test func parts() throws {
    let (golden, recipe) = try GoldenRun.load("vae")
    let examples = golden.examples(recipe.model.input)
    let data = try TrainingData(training: examples, validation: nil)
    let layout = try RunPlans(recipe, data).store.parameters
    let (told, _, _) = try train(
      recipe, training: examples,
      from: .weights(
        Weights(layout: layout, flat: golden.flat(golden.initialWeights, layout))))
    let steps = zip(golden.losses, [5.0, 5, 5, 2])
    let kl = steps.map { $0["kl"]! * $1 }.reduce(0, +) / 17
    let reconstruction = steps.map { $0["reconstruction"]! * $1 }.reduce(0, +) / 17
    let report = told.epochs[0].training
    #expect(report.parts.map(\.name) == ["reconstruction", "kl"])
    let close = TestDevice.reference.tolerance
    #expect(close.firstDifference(report.parts.map(\.value), [reconstruction, kl]) == nil)
    #expect(close.accepts(report.loss, reconstruction + kl))
  }
}
