import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Updates of a weight and a bias, by hand.
@Suite struct UpdateTests {
  /// A weight and a bias, at 1 and 2, after updates by these gradients at a learning rate of 0.1.
  private func update(
    _ optimizer: Optimizer, clipping: GradientClipping = .none, by steps: [[Double]]
  ) throws -> [Double] {
    var graph = Graph()
    let one = graph.add(.constant(1), TensorType([]))
    var (inputs, gradients): ([TensorID], [TensorID]) = ([], [])
    for name in ["encoder.0.weight", "encoder.0.bias"] {
      _ = graph.add(.parameter(name: name), TensorType([1]))
      inputs.append(graph.add(.input(name: name), TensorType([1])))
      gradients.append(try graph.add(.scale(Scale(1)), [inputs.last!, one])[0])
    }
    try graph.add(.record(Record(feed: .training, partCount: 0)), gradients)
    try graph.add(.update(Update(optimizer, clipping: clipping)), gradients)
    let layout = ParameterLayout(graph.parameters.map { ($0.name, graph.shape($0.id)) })
    #expect(layout.entries.map(\.decays) == [true, false])
    let plan = Plan("update", graph, outputs: [], parameters: layout)
    let store = ReferenceBackend().makeStore(
      StoreLayout(
        parameters: layout, momentCount: optimizer.momentCount, seed: 0,
        feeds: [
          .training: FeedLayout(
            examples: TensorType([1, 1]), stepCount: steps.count, partCount: 0)
        ]))
    var parameters = [Double](repeating: 0, count: layout.count)
    for (entry, value) in zip(layout.entries, [1.0, 2]) { parameters[entry.offset] = value }
    try store.write(parameters, to: .parameters)
    let schedule = (1...steps.count).map { optimizer.schedule(step: $0, learningRate: 0.1) }
    try store.begin(.training, step: 0, order: nil, schedule: schedule)
    let executable = try store.prepare(plan)
    for step in steps {
      for (input, value) in zip(inputs, step) { try executable.write([value], to: input) }
      try executable.run()
    }
    let moved = try store.read(.parameters)
    return layout.entries.map { moved[$0.offset] }
  }

  private let plain = Optimizer.sgd(momentum: 0, nesterov: false)

  private func expectClose(_ values: [Double], _ expected: [Double]) {
    let difference = Tolerance(absolute: 1e-9, relative: 0).firstDifference(values, expected)
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// Adam's first step is the learning rate whatever the gradient; only the weight decays.
  @Test func weightsDecayAndBiasesDoNot() throws {
    let adamW = Optimizer.adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-12, decay: 0.5)
    expectClose(try update(adamW, by: [[3, -4]]), [1 - 0.1 * (1 + 0.5), 2 + 0.1])
  }

  @Test func rootMeanSquares() throws {
    let plain = Optimizer.rmsProp(rho: 0.75, momentum: 0, epsilon: 1)
    // v = 4, then 0.75 · 4 + 0.25 · 4² = 7 for the weight; 1 and 1.75 for the bias.
    let first = [1 - 0.1 * 4 / 3, 2 + 0.1 * 2 / 2]
    expectClose(try update(plain, by: [[4, -2]]), first)
    expectClose(
      try update(plain, by: [[4, -2], [4, 2]]),
      [first[0] - 0.1 * 4 / (7.0.squareRoot() + 1), first[1] - 0.1 * 2 / (1.75.squareRoot() + 1)])
    let heavy = Optimizer.rmsProp(rho: 0.75, momentum: 0.5, epsilon: 1)
    let second = 0.5 * 4 / 3 + 4 / (7.0.squareRoot() + 1)
    expectClose(try update(heavy, by: [[4, 0], [4, 0]]), [first[0] - 0.1 * second, 2])
  }

  @Test func clipsByNorm() throws {
    expectClose(try update(plain, clipping: .norm(10), by: [[3, -4]]), [0.7, 2.4])
    expectClose(try update(plain, clipping: .norm(1), by: [[3, -4]]), [1 - 0.06, 2 + 0.08])
  }

  @Test func clipsByValue() throws {
    expectClose(try update(plain, clipping: .value(3.5), by: [[3, -4]]), [0.7, 2.35])
  }
}
