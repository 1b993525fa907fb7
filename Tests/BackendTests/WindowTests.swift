import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Windows of a series, gathered from the one copy of its rows.
@Suite(.serialized) struct WindowTests {
  private static let rowCount = 90
  /// Overlapping, touching and apart, in no order.
  private static let starts: [Int32] = [0, 1, 2, 9, 10, 33, 34, 50, 57, 3]

  private func layout(_ columns: Int, _ type: ElementType) -> StoreLayout {
    StoreLayout(
      parameters: noParameters, momentCount: 0, seed: 0,
      feeds: [
        .training: FeedLayout(
          examples: TensorType([Self.rowCount, columns], type), exampleCount: Self.starts.count,
          stepCount: 4, partCount: 0)
      ])
  }

  private func sources(_ columns: Int, _ type: ElementType, in graph: inout Graph) -> [TensorID] {
    [
      graph.add(.examples(.training), TensorType([Self.rowCount, columns], type)),
      graph.add(.order(.training), TensorType([Self.starts.count], .int32)),
    ]
  }

  @Test(arguments: TestBackend.all, [[1, 1], [5, 1], [33, 1], [1, 3], [17, 3], [5, 17]])
  func gathersAsTheReferenceDoes(_ backend: TestBackend, shape: [Int]) throws {
    let columns = shape[1]
    for type in [ElementType.uint8, .float32, .float16, .bfloat16] {
      var graph = Graph()
      let sources = sources(columns, type, in: &graph)
      let scaling = ["shift", "factor"].map {
        graph.add(.input(name: $0), TensorType(Shape(shape)))
      }
      let parts: [(Gather.Part, Normalization)] = [
        (.values, .none), (.values, .standard), (.filled, .mean), (.presence, .none),
      ]
      let outputs = try parts.map { part, normalization in
        let gather = Gather(
          feed: .training, batchSize: 4, stride: 4, scale: 0.5, normalization: normalization,
          part: part, window: Shape(shape))
        return try graph.add(
          .gather(gather), sources + scaling.prefix(normalization.operandCount))[0]
      }
      let plan = Plan("windows", graph, outputs: outputs, parameters: noParameters)
      let bytes = (0..<Self.rowCount * columns).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 7) }
      let hasMissing = type != .uint8
      let examples =
        hasMissing
        ? ExampleElements.floats(bytes.map { $0 % 11 == 3 ? .nan : Float($0) / 16 - 7 })
        : .bytes(bytes)
      let found = try [backend.make(), ReferenceBackend()].map { backend in
        let store = try backend.makeStore(layout(columns, type))
        try store.load(examples, starts: Self.starts, labels: nil, into: .training)
        let order = (0..<Int32(Self.starts.count)).reversed().map(\.self)
        try store.begin(.training, at: 1, step: 1, order: order, schedule: [])
        let executable = try store.prepare(plan)
        for (index, input) in scaling.enumerated() {
          let values = (0..<shape[0] * columns).map { 0.5 + Double($0 % columns + index) / 8 }
          try executable.write(values, to: input)
        }
        try executable.run()
        return try outputs.map(executable.read)
      }
      let closeness = Tolerance(absolute: 1e-6, relative: 1e-6)
      for (index, (judged, judge)) in zip(found[0], found[1]).enumerated() {
        // Missing values stay missing unless they are replaced.
        let isKnown = judge.map { !$0.isNaN }
        #expect(judged.map { !$0.isNaN } == isKnown)
        let difference = closeness.firstDifference(
          judged.map { $0.isNaN ? 0 : $0 }, judge.map { $0.isNaN ? 0 : $0 })
        #expect(difference == nil, "\(type) \(index): \(difference ?? "")")
        if index > 1 || !hasMissing { #expect(!isKnown.contains(false)) }
      }
    }
  }

  /// Row r of the series is (r, −r): by hand.
  @Test(arguments: TestBackend.all + [TestBackend(description: "reference") { ReferenceBackend() }])
  func windowsHoldTheRowsFromTheirStartOn(_ backend: TestBackend) throws {
    var graph = Graph()
    let gather = Gather(feed: .training, batchSize: 2, stride: 2, scale: 1, window: [3, 2])
    let batch = try graph.add(.gather(gather), sources(2, .float32, in: &graph))[0]
    let plan = Plan("windows", graph, outputs: [batch], parameters: noParameters)
    let store = try backend.make().makeStore(layout(2, .float32))
    let rows = (0..<Self.rowCount).flatMap { [Float($0), -Float($0)] }
    try store.load(.floats(rows), starts: Self.starts, labels: nil, into: .training)
    let executable = try store.prepare(plan)
    try store.begin(.training, step: 0, order: nil, schedule: [])
    try executable.run()
    #expect(try executable.read(batch) == [0, 0, 1, -1, 2, -2, 1, -1, 2, -2, 3, -3])
    try store.begin(.training, at: 4, step: 0, order: nil, schedule: [])
    try executable.run()
    #expect(try executable.read(batch) == [57, -57, 58, -58, 59, -59, 3, -3, 4, -4, 5, -5])
    let order: [Int32] = [3, 5, 0, 1, 2, 4, 6, 7, 8, 9]
    try store.begin(.training, step: 0, order: order, schedule: [])
    try executable.run()
    #expect(try executable.read(batch) == [9, -9, 10, -10, 11, -11, 33, -33, 34, -34, 35, -35])
  }

  @Test func refusesWindowsThatNoRowsFill() throws {
    var graph = Graph()
    let sources = sources(2, .float32, in: &graph)
    for shape: Shape in [[3], [91, 2]] {
      let gather = Gather(feed: .training, batchSize: 2, stride: 2, scale: 1, window: shape)
      #expect(throws: GraphError.self) { try graph.add(.gather(gather), sources) }
    }
  }
}
