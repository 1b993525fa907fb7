import Graphs
import Plans
import Randoms
import ReferenceBackend
import TestSupport
import Testing

/// How codes follow what chose them, on every backend.
@Suite(.serialized) struct CodebookTests {
  /// Sizes of a codebook, and how many vectors a step has.
  struct Sizes: Sendable, CustomTestStringConvertible {
    let rows, codes, columns: Int
    var testDescription: String { "\(rows) vectors, \(codes) codes of \(columns)" }
  }

  static let sizes = [
    Sizes(rows: 1, codes: 3, columns: 1), Sizes(rows: 300, codes: 7, columns: 33),
    Sizes(rows: 65, codes: 130, columns: 5), Sizes(rows: 33, codes: 1, columns: 257),
  ]

  private struct Step {
    let plan: Plan
    let x, indices, loss: TensorID
    let layout: StoreLayout
  }

  private func step(_ s: Sizes, restart: Double) throws -> Step {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([s.rows, s.columns]))
    let indices = graph.add(.input(name: "indices"), TensorType([s.rows]))
    let states =
      [("codes", [s.codes, s.columns]), ("counts", [s.codes] as Shape)]
      + [("sums", [s.codes, s.columns])]
    let ids = states.map { graph.add(.state(name: $0.0), TensorType($0.1)) }
    let loss = graph.add(.input(name: "loss"), TensorType([1]))
    let square = try graph.add(.sumOfSquares(SumOfSquares()), [loss])[0]
    try graph.add(.record(Record(feed: .training, partCount: 1)), [square])
    let op = UpdateCodebook(
      decay: 0.75, epsilon: 1e-3, restart: restart, stream: RandomStream.codebook.rawValue)
    try graph.add(.updateCodebook(op), [x, indices] + ids)
    let state = StateLayout(states.map { ($0.0, $0.1) })
    let layout = StoreLayout(
      parameters: noParameters, state: state, momentCount: 0, seed: 0x9ABC_DEF0_1234_5678,
      feeds: [.training: FeedLayout(examples: TensorType([1, 1]), stepCount: 6, partCount: 1)])
    let plan = Plan("codebook", graph, outputs: [], parameters: noParameters, state: state)
    return Step(plan: plan, x: x, indices: indices, loss: loss, layout: layout)
  }

  /// Codes that none chose at first, then others, until a step is not finite.
  @Test(arguments: TestBackend.all, sizes)
  func followsLikeTheReference(_ backend: TestBackend, _ s: Sizes) throws {
    let step = try step(s, restart: 0.3)
    var results: [[[Double]]] = []
    for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
      let store = try backend.makeStore(step.layout)
      try store.write([Double](repeating: 0, count: step.layout.state.count), to: .state)
      try store.begin(.training, step: 0, order: nil, schedule: [])
      let executable = try store.prepare(step.plan)
      var states: [[Double]] = []
      for number in 0..<5 {
        let random = Philox(seed: 7, stream: .latent, step: UInt64(number))
        try executable.write(
          random.normals(count: s.rows * s.columns).map(Double.init), to: step.x)
        // The squares of uniform numbers: small indices are frequent. All are 0 at first.
        try executable.write(
          random.uniforms(count: s.rows).map { u in
            number == 0 ? 0 : (Double(u * u) * Double(s.codes)).rounded(.down)
          }, to: step.indices)
        try executable.write([number == 4 ? .nan : 1], to: step.loss)
        try executable.run()
        states.append(try store.read(.state))
      }
      results.append(states)
    }
    for (ours, judge) in zip(results[0], results[1]) {
      let difference = Tolerance(absolute: 1e-5, relative: 1e-5).firstDifference(ours, judge)
      #expect(difference == nil, "\(difference ?? "")")
    }
    #expect(results[0][4] == results[0][3], "nothing moves once a step was not finite")
    #expect(results[0][3] != results[0][2])
  }

  /// The formula, on paper: two codes of which one is used, and one that restarts.
  @Test(arguments: TestBackend.all) func restartsWhatIsNotUsed(_ backend: TestBackend) throws {
    let sizes = Sizes(rows: 4, codes: 2, columns: 1)
    let step = try step(sizes, restart: 0)
    let store = try backend.make().makeStore(step.layout)
    try store.begin(.training, step: 0, order: nil, schedule: [])
    let executable = try store.prepare(step.plan)
    try executable.write([1, 2, 3, 6], to: step.x)
    try executable.write([0, 0, 0, 0], to: step.indices)
    try executable.write([1], to: step.loss)
    try executable.run()
    func state(_ name: String) throws -> [Double] {
      let entry = step.layout.state.entry(named: name)!
      return Array(try store.read(.state)[entry.offset..<entry.offset + entry.shape.count])
    }
    // N = 0.25 · 4, T = 1, and the other code gets half of that.
    #expect(try state("counts") == [1, 0.5])
    let codes = try state("codes")
    // m = 0.25 · 12, over (1 + ε) / (1 + 2 ε).
    #expect(abs(codes[0] - 3 * 1.002 / 1.001) < 1e-5)
    let word = Philox(
      seed: step.layout.seed, stream: .codebook, step: 1
    ).word(1)
    let row = Int((UInt64(word) * 4) >> 32)
    #expect(codes[1] == [1, 2, 3, 6][row])
    #expect(try state("sums") == [3, 0.5 * codes[1]])
  }
}
