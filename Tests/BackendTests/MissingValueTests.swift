import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// Examples with missing values on every backend, against the reference.
@Suite(.serialized) struct MissingValueTests {
  private static let count = 23

  private func values(_ features: Int) -> [Float] {
    (0..<Self.count * features).map { index in
      index % 7 == 2 || index / features == 4 ? .nan : Float(index * 37 % 101) / 101
    }
  }

  private func feeds(_ features: Int) -> [Feed: FeedLayout] {
    [
      .training: FeedLayout(
        examples: TensorType([Self.count, features]), stepCount: 4, partCount: 1)
    ]
  }

  @Test(arguments: TestBackend.all, OpCases.few([17, 1, 3, 257]))
  func gathersWhatIsThere(_ backend: TestBackend, features: Int) throws {
    var graph = Graph()
    let sources = [
      graph.add(.examples(.training), TensorType([Self.count, features])),
      graph.add(.order(.training), TensorType([Self.count], .int32)),
    ]
    let scaling = ["shift", "factor"].map { graph.add(.input(name: $0), TensorType([features])) }
    let parts: [(Gather.Part, Normalization)] = [
      (.filled, .none), (.filled, .mean), (.filled, .standard), (.presence, .none),
    ]
    let outputs = try parts.map { part, normalization in
      let gather = Gather(
        feed: .training, batchSize: 9, stride: 9, scale: 1, normalization: normalization,
        part: part)
      return try graph.add(
        .gather(gather), sources + scaling.prefix(normalization.operandCount))[0]
    }
    let plan = Plan("gather", graph, outputs: outputs, parameters: noParameters)
    let layout = StoreLayout(
      parameters: noParameters, momentCount: 0, seed: 0, feeds: feeds(features))
    let found = try [backend.make(), ReferenceBackend()].map { backend in
      let store = try backend.makeStore(layout)
      try store.load(.floats(values(features)), into: .training)
      try store.begin(.training, at: 1, step: 1, order: nil, schedule: [])
      let executable = try store.prepare(plan)
      for (index, input) in scaling.enumerated() {
        try executable.write((0..<features).map { 0.5 + Double($0 + index) / 7 }, to: input)
      }
      try executable.run()
      return try outputs.map(executable.read)
    }
    let closeness = Tolerance(absolute: 1e-6, relative: 1e-6)
    for (judged, judge) in zip(found[0], found[1]) {
      let difference = closeness.firstDifference(judged, judge)
      #expect(difference == nil, "\(difference ?? "")")
    }
    #expect(Set(found[1][3]) == (features == 1 ? Set(found[1][3]) : [0, 1]))
  }

  private func model(_ error: ReconstructionError) -> Model {
    Model(
      input: [17], masked: true,
      encoder: [.dense(Dense(units: 8, activation: .relu)), .dense(Dense(units: 3))],
      latent: .deterministic,
      decoder: [
        .dense(Dense(units: 8, activation: .tanh)),
        .dense(Dense(units: 17, activation: error == .binaryCrossEntropy ? .softplus : .elu)),
      ], loss: Loss(reconstruction: error, reduction: .mean))
  }

  /// Losses and weights of three steps and of an evaluation.
  private func train(
    _ backend: any Backend, _ error: ReconstructionError
  ) throws -> (losses: [Double], weights: [Double]) {
    let model = model(error)
    let layout = try SmallModels.layout(model)
    let store = try backend.makeStore(
      StoreLayout(parameters: layout, momentCount: 2, seed: 3, feeds: feeds(17)))
    var weights = [Double](repeating: 0, count: layout.count)
    for declaration in try model.parameters() {
      let offset = layout.entry(named: declaration.name)!.offset
      for (place, value) in declaration.initialValues(seed: 5).enumerated() {
        weights[offset + place] = Double(value)
      }
    }
    try store.write(weights, to: .parameters)
    try store.load(.floats(values(17)), into: .training)
    let batch = BatchSource(
      feed: .training, exampleCount: Self.count, elementType: .float32, batchSize: 7, stride: 7,
      scale: 1, presentShare: 0.8)
    let schedule = (1...3).map { SmallModels.adam.schedule(step: $0, learningRate: 0.01) }
    try store.begin(.training, step: 0, order: nil, schedule: schedule)
    let step = try store.prepare(
      SmallModels.plan(
        "masked", model.trainingStep(batch, optimizer: SmallModels.adam), of: model))
    for _ in 0..<3 { try step.run() }
    let losses = try store.losses(.training, rows: 0..<3)
    let evaluation = try store.prepare(
      SmallModels.plan("evaluation", model.evaluationStep(batch), of: model))
    try store.begin(.training, step: 0, order: nil, schedule: [])
    try evaluation.run()
    return (losses + (try store.losses(.training, rows: 0..<1)), try store.read(.parameters))
  }

  @Test(arguments: TestBackend.all)
  func trainsAsTheReferenceDoes(_ backend: TestBackend) throws {
    for error in [ReconstructionError.squaredError, .binaryCrossEntropyWithLogits] {
      let judged = try train(backend.make(), error)
      let judge = try train(ReferenceBackend(), error)
      let closeness = Tolerance(absolute: 2e-5, relative: 2e-5)
      #expect(closeness.firstDifference(judged.losses, judge.losses) == nil)
      #expect(closeness.firstDifference(judged.weights, judge.weights) == nil)
      #expect(judge.losses.allSatisfy(\.isFinite) && judge.losses[0] > judge.losses[3])
    }
  }

  /// A bound's launches, and judgements of examples.
  @Test(arguments: TestBackend.all)
  func judgesAsTheReferenceDoes(_ backend: TestBackend) throws {
    let variational = SmallModels.vae
    for model in [variational, SmallModels.images, SmallModels.smooth] {
      let batch = SmallModels.batch(4, stride: 1)
      let isBound = model == variational
      let step =
        isBound ? try model.boundStep(batch, drawCount: 5) : try model.judgingStep(batch)
      let names = step.outputs.keys.sorted()
      let found = try [backend.make(), ReferenceBackend()].map { backend in
        let store = try SmallModels.store(model, on: backend)
        try store.begin(.training, at: 6, step: 40, order: nil, schedule: [])
        let executable = try store.prepare(SmallModels.plan("judge", step, of: model))
        try executable.run()
        return try names.map { try executable.read(step.outputs[$0]!) }
      }
      for (name, (judged, judge)) in zip(names, zip(found[0], found[1])) {
        let difference = Tolerance(absolute: 2e-5, relative: 2e-5)
          .firstDifference(judged, judge)
        #expect(difference == nil, "\(name): \(difference ?? "")")
      }
      #expect(names.contains(isBound ? "logWeights" : "squaredError"))
    }
  }
}
