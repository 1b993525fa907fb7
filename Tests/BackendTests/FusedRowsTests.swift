import Graphs
import Layers
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Normalisation, dropout and noise in fused launches, against the reference: batches of one row,
/// of fewer than there are shares, and that no number of shares divides.
@Suite(.serialized) struct FusedRowsTests {
  /// Without batch statistics, which are why rows are one share, too.
  private static let dropouts: Model = {
    var model = SmallModels.table
    let isKept = { (layer: Layer) in if case .batchNorm = layer { false } else { true } }
    (model.encoder, model.decoder) = (
      model.encoder.filter(isKept), model.decoder.filter(isKept)
    )
    return model
  }()

  @Test(arguments: OpenCLTestDevice.all, OpCases.few([5, 1, 13]))
  func trainAsTheReference(_ device: OpenCLTestDevice, rows: Int) throws {
    for model in [SmallModels.table, Self.dropouts] {
      let step = try model.trainingStep(
        SmallModels.batch(rows), optimizer: .sgd(momentum: 0, nesterov: false))
      let plan = try SmallModels.plan("training", step, of: model)
      let expected = try results(plan, of: model, ReferenceBackend()).values
      for units in [2, 3] {
        let backend = try device.open(computeUnits: units)
        backend.schedule = .fused
        let found = try results(plan, of: model, backend)
        let difference = Tolerance(absolute: 1e-5, relative: 1e-5)
          .firstDifference(found.values, expected)
        #expect(difference == nil, "\(units) units: \(difference ?? "")")
        if device.style == .fat { #expect(found.launches == 1) }
      }
    }
  }

  @Test(arguments: OpenCLTestDevice.all, OpCases.few([13, 1]))
  func evaluateAsTheReference(_ device: OpenCLTestDevice, rows: Int) throws {
    let model = SmallModels.table
    let step = try model.evaluationStep(SmallModels.batch(rows))
    let plan = try SmallModels.plan("evaluation", step, of: model)
    let expected = try results(plan, of: model, ReferenceBackend()).values
    let backend = try device.open(computeUnits: 2)
    backend.schedule = .fused
    let difference = Tolerance(absolute: 1e-5, relative: 1e-5)
      .firstDifference(try results(plan, of: model, backend).values, expected)
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// Losses, parameters and state after three steps, and the launches of one.
  private func results(
    _ plan: Plan, of model: Model, _ backend: any Backend
  ) throws -> (values: [Double], launches: Int) {
    let store = try SmallModels.store(model, on: backend)
    let schedule = (1...3).map {
      Optimizer.sgd(momentum: 0, nesterov: false).schedule(step: $0, learningRate: 0.05)
    }
    // Each step uses the first rows, whatever their number.
    let executable = try store.prepare(plan)
    for step in 0..<3 {
      try store.begin(.training, step: step, order: nil, schedule: schedule)
      try executable.run()
    }
    let losses = try store.losses(.training, rows: 0..<1)
    return (
      try losses + store.read(.parameters) + store.read(.state), executable.launchCount
    )
  }
}
