import CPUBackend
import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Terms of a gradient that are computed in the place of their sum.
@Suite struct AccumulationTests {
  private let batch = 40
  private let features = 100
  private let units = 48
  private let optimizer = Optimizer.sgd(momentum: 0, nesterov: false)

  /// A tied autoencoder of one weight, whose gradient has a term from either side; `seen` keeps the
  /// first term as an output.
  private func plan(seen: Bool) throws -> (plan: Plan, x: TensorID) {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([batch, features]))
    let w = graph.add(.parameter(name: "w"), TensorType([features, units]))
    let code = try graph.add(.product(Product()), [x, w])[0]
    let y = try graph.add(.product(Product(transposeB: true)), [code, w])[0]
    let loss = try graph.add(
      .reconstructionLoss(ReconstructionLoss(.squaredError, .mean)), [y, x])[0]
    let gradient = try graph.gradients(of: [(loss, 1)], by: [w])
    try graph.add(.record(Record(feed: .training, partCount: 1)), [loss] + gradient)
    try graph.add(.update(Update(optimizer)), gradient)
    let sum = graph.nodes.first { $0.outputs.first == gradient[0] }!
    let plan = Plan(
      "step", graph, outputs: seen ? [sum.inputs[0]] : [], parameters: parameters)
    return (plan, x)
  }

  private var parameters: ParameterLayout {
    ParameterLayout([(name: "w", shape: [features, units])])
  }

  @Test func findsWhatNobodyElseReads() throws {
    let plan = try plan(seen: false).plan
    let (addend, sum) = try #require(plan.accumulators.first)
    #expect(plan.accumulators.count == 1)
    #expect(plan.placements[sum] == .gradients(offset: 0))
    guard case .arena? = plan.placements[addend] else {
      Issue.record("an addend has a place of its own")
      return
    }
    #expect(try self.plan(seen: true).plan.accumulators.isEmpty)
  }

  @Test(arguments: [1, 2], [false, true])
  func gradientsEqualTheReference(threads: Int, seen: Bool) throws {
    let (plan, x) = try plan(seen: seen)
    let layout = StoreLayout(
      parameters: parameters, momentCount: 0, seed: 0,
      feeds: [
        .training: FeedLayout(examples: TensorType([1, 1]), stepCount: 1, partCount: 1)
      ])
    let gradients = try [
      CPUBackend(threads: threads) as any Backend, ReferenceBackend(),
    ].map { backend in
      let store = try backend.makeStore(layout)
      try store.write(
        (0..<features * units).map { Double($0 * 31 % 101) / 500 - 0.1 }, to: .parameters)
      let executable = try store.prepare(plan)
      try executable.write(
        (0..<batch * features).map { Double($0 * 7919 % 1009) / 1009 },
        to: x)
      try store.begin(
        .training, step: 0, order: nil,
        schedule: [optimizer.schedule(step: 1, learningRate: 1e-2)])
      try executable.run()
      return try store.read(.gradients)
    }
    let difference = Tolerance(absolute: 1e-6, relative: 1e-4).firstDifference(
      gradients[0], gradients[1])
    #expect(difference == nil, "\(difference ?? "")")
    #expect(gradients[1].contains { abs($0) > 1e-3 })
  }
}
