import Foundation
import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Examples with missing values, on the reference backend, against sums taken here.
@Suite struct MaskTests {
  private static let count = 7
  private static let values: [Double] = (0..<count * 4).map { index in
    [1, 6, 7, 10, 24, 25, 26, 27].contains(index) ? .nan : Double(index * 7 % 10) / 10 + 0.05
  }

  private static func model(_ error: ReconstructionError, _ reduction: Reduction) -> Model {
    Model(
      input: [4], masked: true, encoder: [.dense(Dense(units: 3, activation: .tanh))],
      latent: .deterministic,
      decoder: [.dense(Dense(units: 4, activation: error == .squaredError ? .identity : .sigmoid))],
      loss: Loss(reconstruction: error, reduction: reduction))
  }

  private func source(_ size: Int, stride: Int) -> BatchSource {
    let share = Double(Self.values.count { !$0.isNaN }) / Double(Self.values.count)
    return BatchSource(
      feed: .training, exampleCount: Self.count, elementType: .float32, batchSize: size,
      stride: stride, scale: 1, presentShare: share)
  }

  private func store(_ model: Model) throws -> any Store {
    let layout = try SmallModels.layout(model)
    let store = ReferenceBackend().makeStore(
      StoreLayout(
        parameters: layout, momentCount: 2, seed: 1,
        feeds: [
          .training: FeedLayout(
            examples: TensorType([Self.count, 4]), stepCount: Self.count, partCount: 1)
        ]))
    let weights = (0..<layout.count).map { Double($0 * 5 % 13 - 6) / 8 }
    try store.write(weights, to: .parameters)
    try store.load(.floats(Self.values.map(Float.init)), into: .training)
    return store
  }

  /// The sum of the errors of what is there, and how much is.
  private func expected(_ model: Model, _ store: any Store) throws -> (sum: Double, count: Int) {
    let step = try model.reconstructionStep(source(Self.count, stride: Self.count))
    try store.begin(.training, step: 0, order: nil, schedule: [])
    let executable = try store.prepare(SmallModels.plan("all", step, of: model))
    try executable.run()
    let reconstruction = try executable.read(#require(step.outputs["reconstruction"]))
    let presence = try executable.read(#require(step.outputs["presence"]))
    #expect(presence == Self.values.map { $0.isNaN ? 0 : 1 })
    var sum = 0.0
    for (x, t) in zip(reconstruction, Self.values.map { Double(Float($0)) }) where !t.isNaN {
      sum +=
        model.loss.reconstruction == .squaredError
        ? (x - t) * (x - t) : -t * log(x) - (1 - t) * log(1 - x)
    }
    return (sum, Self.values.count { !$0.isNaN })
  }

  /// However the examples are cut into batches, an epoch's mean counts each value that is there
  /// once.
  @Test(arguments: [ReconstructionError.squaredError, .binaryCrossEntropy])
  func countsWhatIsThere(_ error: ReconstructionError) throws {
    for reduction in Reduction.allCases {
      let model = Self.model(error, reduction)
      let store = try store(model)
      let (sum, count) = try expected(model, store)
      for size in [7, 3, 2] {
        try store.begin(.training, step: 0, order: nil, schedule: [])
        var total = 0.0
        for (row, start) in stride(from: 0, to: Self.count, by: size).enumerated() {
          let taken = min(size, Self.count - start)
          let step = try model.evaluationStep(source(taken, stride: size))
          try store.prepare(SmallModels.plan("batch", step, of: model)).run()
          let loss = try store.losses(.training, rows: row..<row + 1)[0]
          total += loss * (reduction == .sum ? 1 : Double(taken))
        }
        let value = reduction == .mean ? sum / Double(count) : sum / Double(Self.count)
        #expect(
          Tolerance(absolute: 1e-9, relative: 1e-9).accepts(total / Double(Self.count), value),
          "\(reduction), batches of \(size)")
      }
    }
  }

  /// Missing values have no effect on the weights or the results.
  @Test func whatIsMissingHasNoGradient() throws {
    let model = Self.model(.squaredError, .mean)
    var changed: [[Double]] = []
    for other in [0.0, 3.0] {
      let store = try store(model)
      // The last example has no value at all.
      let step = try model.trainingStep(
        source(1, stride: 6), optimizer: .sgd(momentum: 0, nesterov: false))
      let schedule = (1...2).map { _ in
        Optimizer.sgd(momentum: 0, nesterov: false).schedule(step: 1, learningRate: 1 + other)
      }
      try store.begin(.training, at: 1, step: 1, order: nil, schedule: schedule)
      try store.prepare(SmallModels.plan("step", step, of: model)).run()
      changed.append(try store.read(.parameters))
      #expect(try store.losses(.training, rows: 1..<2) == [0])
    }
    #expect(changed[0] == changed[1])
  }

  @Test func plansWithoutAMaskHaveNone() throws {
    var model = Self.model(.squaredError, .mean)
    model.masked = false
    let names = try model.trainingStep(source(3, stride: 3), optimizer: SmallModels.adam)
      .graph.nodes.map(\.op.operation.name)
    #expect(names.count { $0.hasPrefix("gather") } == 1 && names.contains("squaredError(mean)"))
  }
}
