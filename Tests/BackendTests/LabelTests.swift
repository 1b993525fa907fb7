import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// What a step reads from its feed in addition to examples: their classes, and the values of ramps.
@Suite(.serialized) struct LabelTests {
  private static let labels: [Int32] = [3, 0, 2, 2, 1, 0, 3, 1]
  private static let order: [Int32] = [7, 6, 1, 0, 5, 2, 4, 3]
  private static let ramps = [Ramp(from: 0, to: 1, epochs: 1), Ramp(from: 8, to: -8, epochs: 2)]

  private func layout() -> StoreLayout {
    StoreLayout(
      parameters: noParameters,
      groups: [ParameterGroup(name: "training", range: 0..<0, momentCount: 0)], seed: 0,
      feeds: [
        .training: FeedLayout(
          examples: TensorType([8, 1]), stepCount: 4, partCount: 0, hasLabels: true)
      ], ramps: Self.ramps)
  }

  @Test(arguments: TestBackend.all) func gathersClassesInTheOrder(_ backend: TestBackend) throws {
    var graph = Graph()
    let sources = [Role.labels(.training), .order(.training)].map {
      graph.add($0, TensorType([8], .int32))
    }
    let op = GatherLabels(feed: .training, batchSize: 2, stride: 2, classes: 4)
    let y = try graph.add(.gatherLabels(op), sources)[0]
    let store = try backend.make().makeStore(layout())
    try store.load(
      .floats([Float](repeating: 0, count: 8)), starts: nil, labels: Self.labels, into: .training)
    let executable = try store.prepare(
      Plan("labels", graph, outputs: [y], parameters: noParameters))
    for row in 0..<4 {
      try store.begin(.training, at: row, step: row, order: Self.order, table: .empty)
      try executable.run()
      let expected = (0..<2).flatMap { n -> [Double] in
        let label = Self.labels[Int(Self.order[2 * row + n])]
        return (0..<4).map { $0 == Int(label) ? 1 : 0 }
      }
      #expect(try executable.read(y) == expected)
    }
  }

  @Test(arguments: TestBackend.all) func readsRampsByTheRow(_ backend: TestBackend) throws {
    var graph = Graph()
    let outputs = try Self.ramps.map { try graph.add(.scheduled(Scheduled($0)), [])[0] }
    let store = try backend.make().makeStore(layout())
    let executable = try store.prepare(
      Plan("ramps", graph, outputs: outputs, parameters: noParameters))
    let schedule = Optimizer.sgd(momentum: 0, nesterov: false).schedule(step: 1, learningRate: 1)
    let values = (1...4).map { step in
      Self.ramps.map { $0.value(step: step, stepsPerEpoch: 4) }
    }
    let table = StepTable([[StepSchedule]](repeating: [schedule], count: 4), values: values)
    for row in 0..<4 {
      try store.begin(.training, at: row, step: row, order: nil, table: table)
      try executable.run()
      #expect(try outputs.map { try executable.read($0)[0] } == values[row])
    }
  }
}
