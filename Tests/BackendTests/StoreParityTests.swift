import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The ops that touch what plans share: examples, order, counters, parameters.
@Suite(.serialized) struct StoreParityTests {
  private let closeness = Tolerance(absolute: 1e-6, relative: 1e-6)

  private func layout(
    _ examples: TensorType, steps: Int = 4, parts: Int = 1, parameters: [Int] = [],
    moments: Int = 0
  ) -> StoreLayout {
    StoreLayout(
      parameters: ParameterLayout(
        parameters.enumerated().map { ($0 % 2 == 0 ? "\($0).bias" : "\($0).weight", [$1]) }),
      momentCount: moments, seed: 0x1234_5678_9ABC_DEF0,
      feeds: [.training: FeedLayout(examples: examples, stepCount: steps, partCount: parts)])
  }

  // MARK: Examples

  @Test(arguments: TestBackend.all, [1, 3, 17, 784])
  func gathersInOrder(_ backend: TestBackend, features: Int) throws {
    let count = 23
    for type in [ElementType.uint8, .float32] {
      let layout = layout(TensorType([count, features], type))
      let bytes = (0..<count * features).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 7) }
      let examples =
        type == .uint8
        ? ExampleElements.bytes(bytes) : .floats(bytes.map { Float($0) * 0.37 - 20 })
      let order = (0..<count).map { Int32(($0 * 5 + 2) % count) }
      var graph = Graph()
      let inputs = [
        graph.add(.examples(.training), TensorType([count, features], type)),
        graph.add(.order(.training), TensorType([count], .int32)),
      ]
      let values = ["shift", "factor"].map {
        graph.add(.input(name: $0), TensorType([features]))
      }
      // The second step of an epoch in batches of 8, then its last, smaller one.
      let full = try graph.add(
        .gather(Gather(feed: .training, batchSize: 8, stride: 8, scale: 1.0 / 255)), inputs)[0]
      let normalized = try [Normalization.mean, .standard].map { normalization in
        let gather = Gather(
          feed: .training, batchSize: 8, stride: 8, scale: 1.0 / 255, normalization: normalization)
        return try graph.add(
          .gather(gather), inputs + values.prefix(normalization.operandCount))[0]
      }
      try graph.add(.record(Record(feed: .training, partCount: 0)), [])
      let last = try graph.add(
        .gather(Gather(feed: .training, batchSize: 7, stride: 8, scale: 1.0 / 255)), inputs)[0]
      let outputs = [full] + normalized + [last]
      let plan = Plan("gather", graph, outputs: outputs, parameters: noParameters)
      var results: [[Double]] = []
      for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
        let store = try backend.makeStore(layout)
        try store.load(examples, into: .training)
        try store.begin(.training, step: 0, order: order, schedule: [])
        let executable = try store.prepare(plan)
        for (index, value) in values.enumerated() {
          let numbers = (0..<features).map { Double(index + 1) * 0.25 + Double($0 % 8) / 16 }
          try executable.write(numbers, to: value)
        }
        try executable.run()
        results.append(try outputs.flatMap(executable.read))
      }
      let difference = closeness.firstDifference(results[0], results[1])
      #expect(difference == nil, "\(type): \(difference ?? "")")
    }
  }

  /// An epoch that begins at its third batch reads, logs and counts like a whole epoch from there.
  @Test(arguments: TestBackend.all) func beginsAnywhere(_ backend: TestBackend) throws {
    let layout = StoreLayout(
      parameters: noParameters, momentCount: 0, seed: 0,
      feeds: [.training: FeedLayout(examples: TensorType([8, 1]), stepCount: 4, partCount: 1)])
    var graph = Graph()
    let examples = graph.add(.examples(.training), TensorType([8, 1]))
    let order = graph.add(.order(.training), TensorType([8], .int32))
    let gather = Gather(feed: .training, batchSize: 2, stride: 2, scale: 1)
    let batch = try graph.add(.gather(gather), [examples, order])[0]
    let loss = try graph.add(.sumOfSquares(SumOfSquares()), [batch])[0]
    try graph.add(.record(Record(feed: .training, partCount: 1)), [loss])
    let plan = Plan("rows", graph, outputs: [batch], parameters: noParameters)
    let store = try backend.make().makeStore(layout)
    try store.load(.floats((0..<8).map(Float.init)), into: .training)
    let executable = try store.prepare(plan)
    try store.begin(
      .training, at: 2, step: 10, order: (0..<8).reversed().map(Int32.init), schedule: [])
    try executable.run()
    #expect(try executable.read(batch) == [3, 2])
    try executable.run()
    #expect(try executable.read(batch) == [1, 0])
    #expect(try store.losses(.training, rows: 2..<4) == [13, 1])
  }

  @Test(arguments: TestBackend.all, [1, 3, 257, 5120])
  func drawsTheSameNormals(_ backend: TestBackend, count: Int) throws {
    let layout = layout(TensorType([1, 1]))
    var graph = Graph()
    let draw = Op.normal(Normal([count], stream: 3, feed: .training))
    let first = try graph.add(draw, [])[0]
    try graph.add(.record(Record(feed: .training, partCount: 0)), [])
    let second = try graph.add(draw, [])[0]
    let plan = Plan("normal", graph, outputs: [first, second], parameters: noParameters)
    // A step beyond 32 bits, so that both of its words count.
    let step = 0x1_2345_6789
    var results: [[Double]] = []
    for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
      let store = try backend.makeStore(layout)
      try store.begin(.training, step: step, order: nil, schedule: [])
      let executable = try store.prepare(plan)
      try executable.run()
      results.append(try executable.read(first) + executable.read(second))
    }
    // Box-Muller in float32: the radius is at most 5.8, the angle exact to 2⁻²⁴ of a turn.
    let difference = Tolerance(absolute: 4e-6, relative: 2e-6)
      .firstDifference(results[0], results[1])
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// Each use of a mask in each step draws a new one.
  @Test(arguments: TestBackend.all, [1, 257, 5120])
  func drawsTheSameMasks(_ backend: TestBackend, count: Int) throws {
    let layout = layout(TensorType([1, 1]))
    var graph = Graph()
    let one = graph.add(.constant(1), TensorType([count]))
    let mask = Op.dropout(Dropout(rate: 0.3, stream: 0x2_0001, feed: .training, scaled: true))
    var outputs = [try graph.add(mask, [one])[0], try graph.add(mask, [one])[0]]
    try graph.add(.record(Record(feed: .training, partCount: 0)), [])
    outputs.append(try graph.add(mask, [one])[0])
    let plan = Plan("mask", graph, outputs: outputs, parameters: noParameters)
    var results: [[[Double]]] = []
    for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
      let store = try backend.makeStore(layout)
      try store.begin(.training, step: 0x1_2345_6789, order: nil, schedule: [])
      let executable = try store.prepare(plan)
      try executable.run()
      results.append(try outputs.map(executable.read))
    }
    for (judged, judge) in zip(results[0], results[1]) {
      let difference = closeness.firstDifference(judged, judge)
      #expect(difference == nil, "\(difference ?? "")")
    }
    #expect(results[0][0] == results[0][1] && (count == 1 || results[0][0] != results[0][2]))
  }

  // MARK: Parameters

  /// A step whose gradients and losses are written by the host.
  private func updatePlan(
    _ optimizer: Optimizer, clipping: GradientClipping = .none, gate: Gate? = nil, sizes: [Int],
    layout: ParameterLayout
  ) throws -> (plan: Plan, gradients: [TensorID], loss: TensorID) {
    var graph = Graph()
    var inputs: [TensorID] = []
    var gradients: [TensorID] = []
    let zero = graph.add(.constant(1), TensorType([]))
    let loss = graph.add(.input(name: "loss"), TensorType([1]))
    for (index, size) in sizes.enumerated() {
      _ = graph.add(.parameter(name: layout.entries[index].name), TensorType([size]))
      inputs.append(graph.add(.input(name: "g\(index)"), TensorType([size])))
      gradients.append(try graph.add(.scale(Scale(1)), [inputs[index], zero])[0])
    }
    let square = try graph.add(.sumOfSquares(SumOfSquares()), [loss])[0]
    try graph.add(.record(Record(feed: .training, partCount: 1)), [square] + gradients)
    try graph.add(.update(Update(optimizer, clipping: clipping, gate: gate)), gradients)
    return (Plan("update", graph, outputs: [], parameters: layout), inputs, loss)
  }

  static let optimizers: [Optimizer] = [
    .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), .sgd(momentum: 0, nesterov: false),
    .sgd(momentum: 0.9, nesterov: false), .sgd(momentum: 0.9, nesterov: true),
    .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1),
    .rmsProp(rho: 0.9, momentum: 0, epsilon: 1e-7),
    .rmsProp(rho: 0.9, momentum: 0.5, epsilon: 1e-7),
  ]

  @Test(arguments: TestBackend.all, optimizers)
  func updatesLikeTheReference(_ backend: TestBackend, _ optimizer: Optimizer) throws {
    try compareUpdates(backend, optimizer, .none)
  }

  @Test(
    arguments: TestBackend.all,
    [.value(0.125), .norm(0.5), .norm(100)] as [GradientClipping])
  func clipsLikeTheReference(_ backend: TestBackend, _ clipping: GradientClipping) throws {
    // Gradients are clipped before the optimizer's update; weight decay is separate.
    let optimizers: [Optimizer] = [
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1),
      .sgd(momentum: 0.9, nesterov: false),
    ]
    for optimizer in optimizers { try compareUpdates(backend, optimizer, clipping) }
  }

  /// The losses are the squares of 1, 2 and 3: only the second update has an open gate.
  @Test(arguments: TestBackend.all) func gatesLikeTheReference(_ backend: TestBackend) throws {
    for optimizer in Self.optimizers {
      let gate = Gate(columns: 0..<1, weights: [0.5], above: 1, below: 4)
      try compareUpdates(backend, optimizer, .none, gate: gate)
    }
  }

  /// A gradient that no update reads is looked through, too.
  @Test(arguments: TestBackend.all) func looksThroughEveryGradient(_ backend: TestBackend) throws {
    var graph = Graph()
    let gradients = [3, 700].enumerated().map {
      graph.add(.input(name: "\($0.offset)"), TensorType([$0.element]))
    }
    let loss = graph.add(.input(name: "loss"), TensorType([1]))
    let square = try graph.add(.sumOfSquares(SumOfSquares()), [loss])[0]
    try graph.add(.record(Record(feed: .training, partCount: 1)), [square] + gradients)
    let plan = Plan("looks", graph, outputs: [], parameters: noParameters)
    let store = try backend.make().makeStore(layout(TensorType([1, 1])))
    try store.begin(.training, step: 7, order: nil, schedule: [])
    let executable = try store.prepare(plan)
    for step in 0..<3 {
      var values = [Double](repeating: 1, count: 700)
      if step == 1 { values[600] = .infinity }
      try executable.write([1, 2, 3], to: gradients[0])
      try executable.write(values, to: gradients[1])
      try executable.write([1], to: loss)
      try executable.run()
      #expect(try store.firstNonFiniteStep() == (step == 0 ? nil : 8))
    }
  }

  private func compareUpdates(
    _ backend: TestBackend, _ optimizer: Optimizer, _ clipping: GradientClipping, gate: Gate? = nil
  ) throws {
    let sizes = [1, 33, 300]
    let layout = layout(
      TensorType([1, 1]), parameters: sizes, moments: optimizer.momentCount)
    let (plan, inputs, loss) = try updatePlan(
      optimizer, clipping: clipping, gate: gate, sizes: sizes, layout: layout.parameters)
    var results: [[Double]] = []
    for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
      let store = try backend.makeStore(layout)
      var weights = [Double](repeating: 0, count: layout.parameters.count)
      for entry in layout.parameters.entries {
        for index in 0..<entry.shape.count {
          weights[entry.offset + index] = 0.25 * Double(index % 9)
        }
      }
      try store.write(weights, to: .parameters)
      let schedule = (1...3).map { optimizer.schedule(step: $0, learningRate: 0.01 * Double($0)) }
      try store.begin(.training, step: 0, order: nil, schedule: schedule)
      let executable = try store.prepare(plan)
      for step in 1...3 {
        for (input, size) in zip(inputs, sizes) {
          try executable.write((0..<size).map { Double(($0 * step) % 11) / 8 - 0.5 }, to: input)
        }
        try executable.write([Double(step)], to: loss)
        try executable.run()
      }
      results.append(try store.read(.parameters) + store.losses(.training, rows: 0..<3))
      #expect(try store.firstNonFiniteStep() == nil)
    }
    let difference = Tolerance(absolute: 1e-6, relative: 2e-6)
      .firstDifference(results[0], results[1])
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// Layer state follows what was measured, until a step is not finite.
  @Test(arguments: TestBackend.all, [1, 33, 257])
  func statisticsLikeTheReference(_ backend: TestBackend, channels: Int) throws {
    var graph = Graph()
    let measured = (0..<2).map { graph.add(.input(name: "\($0)"), TensorType([channels])) }
    let state = ["0.runningMean", "0.runningVariance"].map {
      graph.add(.state(name: $0), TensorType([channels]))
    }
    let loss = graph.add(.input(name: "loss"), TensorType([1]))
    let square = try graph.add(.sumOfSquares(SumOfSquares()), [loss])[0]
    try graph.add(.record(Record(feed: .training, partCount: 1)), [square])
    try graph.add(.updateStatistics(UpdateStatistics(momentum: 0.75)), measured + state)
    let stateLayout = StateLayout(graph.states.map { ($0.name, graph.shape($0.id)) })
    let plan = Plan(
      "statistics", graph, outputs: [], parameters: noParameters, state: stateLayout)
    let layout = StoreLayout(
      parameters: noParameters, state: stateLayout, momentCount: 0, seed: 0,
      feeds: [
        .training: FeedLayout(examples: TensorType([1, 1]), stepCount: 3, partCount: 1)
      ])
    var results: [[Double]] = []
    for backend in [try backend.make(), ReferenceBackend()] as [any Backend] {
      let store = try backend.makeStore(layout)
      #expect(try store.read(.state).allSatisfy { $0 == 0 })
      try store.write((0..<stateLayout.count).map { Double($0 % 5) }, to: .state)
      try store.begin(.training, step: 0, order: nil, schedule: [])
      let executable = try store.prepare(plan)
      for step in 0..<3 {
        for (index, input) in measured.enumerated() {
          try executable.write((0..<channels).map { Double($0 + index + step) / 8 }, to: input)
        }
        try executable.write([step == 2 ? .nan : 1], to: loss)
        try executable.run()
      }
      results.append(try store.read(.state))
    }
    let difference = closeness.firstDifference(results[0], results[1])
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// One bad element anywhere, or a bad loss, stops the updates at that step, and it is noted once.
  @Test(arguments: TestBackend.all, [0, 1, 7, 299, -1])
  func stopsAtWhatIsNotFinite(_ backend: TestBackend, element: Int) throws {
    let sizes = [5, 300]
    let optimizer = Optimizer.sgd(momentum: 0, nesterov: false)
    for poison in [Double.nan, .infinity, -.infinity] {
      let layout = layout(TensorType([1, 1]), parameters: sizes)
      let (plan, inputs, loss) = try updatePlan(optimizer, sizes: sizes, layout: layout.parameters)
      let store = try backend.make().makeStore(layout)
      let schedule = (1...4).map { optimizer.schedule(step: $0, learningRate: 1) }
      try store.begin(.training, step: 40, order: nil, schedule: schedule)
      let executable = try store.prepare(plan)
      var kept: [Double] = []
      for step in 0..<4 {
        var values = [Double](repeating: 1, count: 300)
        if step == 2, element >= 0 { values[element] = poison }
        try executable.write([Double](repeating: 1, count: 5), to: inputs[0])
        try executable.write(values, to: inputs[1])
        try executable.write([step == 2 && element < 0 ? poison : 1], to: loss)
        try executable.run()
        if step == 1 { kept = try store.read(.parameters) }
      }
      #expect(try store.firstNonFiniteStep() == 42)
      #expect(try store.read(.parameters) == kept)
      #expect(kept[0] == -2)
    }
  }
}
