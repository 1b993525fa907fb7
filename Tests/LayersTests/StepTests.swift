import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// What the steps of a model compute, on the reference backend.
@Suite struct StepTests {
  private let closeness = Tolerance(absolute: 1e-9, relative: 1e-9)

  /// The losses of one batch at `step`, by part.
  private func losses(
    _ graph: StepGraph, _ model: Model, step: Int = 0, _ store: any Store
  ) throws -> [Double] {
    let zero = SmallModels.adam.schedule(step: 1, learningRate: 0)
    try store.begin(.training, step: step, order: nil, schedule: [zero])
    try store.prepare(SmallModels.plan("step", graph, of: model)).run()
    return try store.losses(.training, rows: 0..<1)
  }

  private func read(_ name: String, _ graph: StepGraph, _ model: Model, step: Int = 0) throws
    -> [Double]
  {
    let store = try SmallModels.store(model, on: ReferenceBackend())
    try store.begin(.training, step: step, order: nil, schedule: [])
    let executable = try store.prepare(SmallModels.plan("step", graph, of: model))
    for (name, id) in graph.inputs {
      let count = graph.graph.shape(id).count
      try executable.write((0..<count).map { Self.value(name, $0) }, to: id)
    }
    try executable.run()
    return try executable.read(#require(graph.outputs[name]))
  }

  /// The shift and factor of feature `f` in the tests.
  private static func value(_ input: String, _ f: Int) -> Double {
    input == "shift" ? 0.25 + Double(f) / 100 : 1 + Double(f) / 10
  }

  private func pixels(_ count: Int) -> [Double] {
    (0..<count).map { Double(UInt8(truncatingIfNeeded: $0 * 37 + $0 / 5)) / 255 }
  }

  // MARK: Penalties

  @Test func penaltiesAreReportedAsTheyCount() throws {
    let model = SmallModels.tied
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let step = try model.evaluationStep(SmallModels.batch(5))
    let values = try losses(step, model, store)
    func reported(_ name: String) -> Double {
      zip(step.parts, values).filter { $0.0.name == name }
        .map { $0.0.weight.to * $0.1 }.reduce(0, +)
    }
    let parameters = try store.read(.parameters)
    let weights = try SmallModels.layout(model).entries.filter { $0.name.hasSuffix("weight") }
      .flatMap { parameters[$0.offset..<$0.offset + $0.shape.count] }
    #expect(weights.count == 12 * 7 + 7 * 4)
    let code = try read("code", model.reconstructionStep(SmallModels.batch(5)), model)
    let l1 = 0.002 * weights.reduce(0) { $0 + abs($1) } + 0.01 * code.reduce(0, +) / 5
    let l2 = 0.01 * weights.reduce(0) { $0 + $1 * $1 } / 2
    #expect(closeness.accepts(reported("l1"), l1))
    #expect(closeness.accepts(reported("l2"), l2))
    let total = zip(step.parts, values).reduce(0) { $0 + $1.0.weight.to * $1.1 }
    let sum = ["reconstruction", "l1", "l2", "sparsity"].map(reported).reduce(0, +)
    #expect(closeness.accepts(total, sum))
    #expect(Set(step.parts.map(\.name)) == ["reconstruction", "l1", "l2", "sparsity"])
    #expect(reported("sparsity") > 0)
  }

  /// A log is read with one set of weights, whatever the size of the batch that wrote a row.
  @Test(arguments: SmallModels.all)
  func partsAreThoseOfEveryBatchSize(_ model: Model) throws {
    let parts = try model.trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam).parts
    let last = try model.trainingStep(SmallModels.batch(3), optimizer: SmallModels.adam).parts
    #expect(try parts == last && parts == model.evaluationStep(SmallModels.batch(20)).parts)
  }

  @Test func aDivergenceIsReportedAsItCountsAndInNats() throws {
    #expect(
      try SmallModels.vae.evaluationStep(SmallModels.batch(5)).parts.map(\.unweightedName)
        == [nil, nil])
    var model = SmallModels.vae
    model.loss.klWeight = 4
    let parts = try model.evaluationStep(SmallModels.batch(5)).parts
    #expect(parts.map(\.name) == ["reconstruction", "kl"])
    #expect(parts.map(\.weight) == [1, 4] && parts.map(\.unweightedName) == [nil, "klNats"])
  }

  // MARK: Noise

  @Test func noiseIsDrawnAnewEachStepAndAgainForTheSame() throws {
    for model in [SmallModels.tied, SmallModels.images] {
      let store = try SmallModels.store(model, on: ReferenceBackend())
      let training = try model.trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam)
      let runs = try [0, 1, 0].map { try losses(training, model, step: $0, store) }
      #expect(runs[0] == runs[2] && runs[0][0] != runs[1][0])
    }
  }

  /// Regularising noise is off in evaluation, a denoising model's own is not.
  @Test func evaluationHasNoRegularisingNoise() throws {
    for model in [SmallModels.tied, SmallModels.images] {
      var noiseless = model
      noiseless.encoder.removeAll(where: isNoise)
      noiseless.decoder.removeAll(where: isNoise)
      var clean = model
      clean.corruption = nil
      let store = try SmallModels.store(model, on: ReferenceBackend())
      let found = try [model, noiseless, clean].map { model in
        try losses(model.evaluationStep(SmallModels.batch(5)), model, store)[0]
      }
      #expect(found[0] == found[1] && found[0] != found[2])
    }
  }

  private func isNoise(_ layer: Layer) -> Bool {
    switch layer {
    case .dropout, .gaussianNoise, .maskingNoise: true
    default: false
    }
  }

  /// What judges an example draws the same numbers for it in batches of any size, at any step: the
  /// mean over all examples is one.
  @Test(arguments: [SmallModels.vae, SmallModels.tied, SmallModels.images])
  func evaluationDrawsByExample(_ model: Model) throws {
    let store = try SmallModels.store(model, on: ReferenceBackend())
    func mean(_ size: Int, step: Int = 0) throws -> Double {
      let graph = try model.evaluationStep(SmallModels.batch(size))
      let plan = try SmallModels.plan("evaluation", graph, of: model)
      try store.begin(.training, step: step, order: nil, schedule: [])
      let executable = try store.prepare(plan)
      let count = SmallModels.exampleCount / size
      for _ in 0..<count { try executable.run() }
      let rows = try store.losses(.training, rows: 0..<count)
      return stride(from: 0, to: rows.count, by: graph.parts.count).map { rows[$0] }
        .reduce(0, +) / Double(count)
    }
    let all = try mean(20)
    for size in [5, 10] { #expect(closeness.accepts(try mean(size), all)) }
    #expect(try mean(20, step: 3) == all)
  }

  @Test func everyDrawHasItsOwnNumbers() throws {
    var model = SmallModels.images
    model.encoder.insert(.dropout(Layers.Dropout(rate: 0.5)), at: 0)
    model.encoder.insert(.gaussianNoise(GaussianNoise(deviation: 1)), at: 0)
    let step = try model.trainingStep(SmallModels.batch(5), optimizer: SmallModels.adam)
    var forward: [UInt32] = []
    var masks: [UInt32: Int] = [:]
    for node in step.graph.nodes {
      switch node.op {
      case .normal(let op): forward.append(op.stream)
      case .dropout(let op): masks[op.stream, default: 0] += 1
      default: break
      }
    }
    #expect(Set(forward + Array(masks.keys)).count == 3 + 2)
    // The second mask is drawn again for the gradient; nothing trained lies before the first.
    #expect(masks.values.sorted() == [1, 2])
  }

  @Test func aDenoisingModelShowsWhatItSaw() throws {
    let step = try SmallModels.images.reconstructionStep(SmallModels.batch(5))
    let original = try read("original", step, SmallModels.images)
    let corrupted = try read("corrupted", step, SmallModels.images)
    #expect(closeness.firstDifference(original, pixels(5 * 16)) == nil)
    #expect(corrupted.allSatisfy { (0...1).contains($0) })
    let differences = zip(original, corrupted).filter { abs($0 - $1) > 1e-3 }.count
    #expect(differences > 60)
  }

  /// Codes are those of the clean examples.
  @Test func codesAreOfWhatIsClean() throws {
    for model in [SmallModels.images, SmallModels.tied, SmallModels.vae] {
      var clean = model
      clean.corruption = nil
      let codes = try read("code", model.encodingStep(SmallModels.batch(5)), model)
      let same = try read("code", clean.reconstructionStep(SmallModels.batch(5)), clean)
      #expect(codes == same && codes.count >= 15)
      guard model.corruption != nil else { continue }
      #expect(try codes != read("code", model.reconstructionStep(SmallModels.batch(5)), model))
    }
  }

  // MARK: Normalisation

  @Test(arguments: [Normalization.mean, .standard])
  func whatIsShownIsNotNormalised(_ normalization: Normalization) throws {
    var model = SmallModels.smooth
    model.normalization = normalization
    let step = try model.reconstructionStep(SmallModels.batch(5))
    #expect(Set(step.inputs.keys) == (normalization == .mean ? ["shift"] : ["shift", "factor"]))
    let original = try read("original", step, model)
    #expect(closeness.firstDifference(original, pixels(60)) == nil)

    var shown = step
    let gathered = try #require(step.graph.nodes.first?.outputs[0])
    shown.outputs["gathered"] = gathered
    let expected = pixels(60).enumerated().map { index, pixel in
      let factor = normalization.factor ? Self.value("factor", index % 12) : 1
      return (pixel - Self.value("shift", index % 12)) * factor
    }
    #expect(closeness.firstDifference(try read("gathered", shown, model), expected) == nil)
  }

  // MARK: Shapes

  @Test func layersThatDoNotFitAreNamed() throws {
    var model = SmallModels.images
    model.encoder.removeAll { if case .flatten = $0 { true } else { false } }
    let shape = TensorType([1, 2, 2, 2])
    #expect(
      throws: GraphError.layer(
        part: "encoder", index: 6,
        reason: .operands(
          op: "dense", expected: "examples [N, I] (add a flatten before it)",
          received: [shape]))
    ) { try model.parameters() }
  }

  @Test func samplesAreFinite() throws {
    for model in [SmallModels.vae, SmallModels.images, SmallModels.tied] {
      let step = try model.samplingStep(count: 3, feed: .training)
      let samples = try read("samples", step, model)
      #expect(samples.count == 3 * model.input.count && samples.allSatisfy(\.isFinite))
    }
  }
}
