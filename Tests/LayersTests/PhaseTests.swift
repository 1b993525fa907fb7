import Graphs
import Layers
import Randoms
import Testing

/// Steps of several phases, by their graphs.
@Suite struct PhaseTests {
  private static func layers(_ units: Int...) -> [Layer] { units.map { .dense(Dense(units: $0)) } }

  private static func model(_ phases: [Phase]) -> Model {
    var model = Model(
      input: [4], encoder: layers(3, 2), latent: .deterministic, decoder: layers(4),
      loss: Loss(reconstruction: .squaredError, reduction: .mean, l2: 0.1))
    model.parts = [
      Part(name: "critic", reads: ["code"], layers: layers(5, 1)),
      Part(name: "criticOfPrior", reads: ["prior"], shares: "critic"),
    ]
    model.phases = phases
    return model
  }

  private static let updating = Updating(.sgd(momentum: 0, nesterov: false), learningRate: 0.1)

  private static func phase(_ name: String, _ goals: [Phase.Goal], moves: String...) -> Phase {
    Phase(name: name, minimises: goals, moves: moves, updating: updating)
  }

  private static let real = Term(
    .binaryCrossEntropyWithLogits, of: "criticOfPrior", against: .value(1))
  private static let fake = Term(.binaryCrossEntropyWithLogits, of: "critic", against: .value(0))

  private static let batch = BatchSource(
    feed: .training, exampleCount: 8, elementType: .float32, batchSize: 8, stride: 8, scale: 1)

  /// A part that shares another's layers declares nothing; all weights are declared once, in the
  /// order of encoder, decoder and parts.
  @Test func sharedWeightsAreDeclaredOnce() throws {
    let names = try Self.model([]).parameters().map(\.name)
    #expect(
      names.filter { $0.hasSuffix("weight") } == [
        "encoder.0.weight", "encoder.1.weight", "decoder.0.weight", "critic.0.weight",
        "critic.1.weight",
      ])
    #expect(Set(names).count == names.count)
  }

  @Test func eachPhaseMovesItsOwn() throws {
    let model = Self.model([
      Self.phase("reconstruct", [.loss], moves: "encoder", "decoder"),
      Self.phase("critic", [.term(Self.real), .term(Self.fake)], moves: "critic"),
    ])
    let steps = try model.trainingSteps(Self.batch, Self.updating)
    #expect(steps.count == 2)
    // The penalty is on encoder and decoder alone, whatever else a graph has.
    #expect(steps[0].parts.map(\.name) == ["reconstruction", "l2", "l2", "l2"])
    #expect(steps[1].parts.map(\.name) == ["critic", "critic"])
    #expect(steps[0].parts.allSatisfy { $0.phase == nil })
    #expect(steps[1].parts.allSatisfy { $0.phase == "critic" })
    let judged = try model.evaluationStep(Self.batch)
    #expect(judged.parts == steps.flatMap(\.parts))

    let ends = steps.map { step -> (record: Record, update: Update) in
      var (record, update): (Record?, Update?)
      for node in step.graph.nodes {
        if case .record(let op) = node.op { record = op }
        if case .update(let op) = node.op { update = op }
      }
      return (record!, update!)
    }
    #expect(ends.map(\.record.firstColumn) == [0, 4])
    #expect(ends.map(\.record.isLast) == [false, true])
    #expect(ends.map(\.update.isLast) == [false, true])
    #expect(ends.map(\.update.phase) == [0, 1])
    #expect(
      ends[1].update.moves == [
        "critic.0.weight", "critic.0.bias", "critic.1.weight", "critic.1.bias",
      ])
    // The decoder is not built if nothing reads it.
    #expect(!steps[1].graph.parameters.contains { $0.name.hasPrefix("decoder.") })
  }

  /// A part may read one that shares another's layers, and tensors of several shapes side by side.
  @Test func listsWhatReadsASharedPart() throws {
    var model = Self.model([])
    model.parts = [
      Part(name: "features", reads: ["code", "input"], layers: Self.layers(3)),
      Part(name: "other", reads: ["prior", "reconstruction"], shares: "features"),
      Part(name: "critic", reads: ["other"], layers: Self.layers(1)),
      Part(name: "sample", reads: ["prior"], shares: "decoder"),
      Part(name: "judge", reads: ["sample"], layers: Self.layers(2)),
    ]
    let counts = try model.summary().suffix(3).map(\.parameterCount)
    #expect(counts == [(2 + 4) * 3 + 3, 3 + 1, 4 * 2 + 2])
    let declared = try model.parameters().filter { !$0.name.hasPrefix("encoder.") }
    #expect(declared.suffix(6).map(\.shape.count).reduce(0, +) == counts.reduce(0, +))
  }

  @Test func namesThatNothingHas() {
    var model = Self.model([])
    model.parts[1].reads = ["nothing"]
    #expect(throws: GraphError.unknownTensor(name: "nothing")) { try model.parameters() }
  }

  @Test func shapedPriorsTakeCodesOfTwo() {
    var model = Self.model([])
    model.prior = .mixture
    #expect(throws: Never.self) { try model.parameters() }
    model.encoder = Self.layers(3)
    #expect(throws: GraphError.self) { try model.parameters() }
  }

  /// A sample is a function of its number.
  @Test func priorCodes() {
    let model = Self.model([])
    let codes = model.priorCodes(count: 5, units: 3, seed: 9, temperature: 2)
    let third = Philox(seed: 9, stream: .sampling, step: 2).normals(count: 3)
    #expect(Array(codes[6..<9]) == third.map { 2 * $0 })
  }

  /// Without deviation, ten points and a spiral remain.
  @Test func shapesOfPriors() {
    var model = Self.model([])
    model.prior = .mixture
    let ring = model.priorCodes(count: 500, units: 2, seed: 1, temperature: 0)
    let points = Set(
      (0..<500).map { "\((100 * ring[2 * $0]).rounded()) \((100 * ring[2 * $0 + 1]).rounded())" })
    #expect(points.count == 10)
    model.prior = .swissRoll
    let roll = model.priorCodes(count: 500, units: 2, seed: 1, temperature: 0)
    for row in 0..<500 {
      let (x, y) = (Double(roll[2 * row]), Double(roll[2 * row + 1]))
      let radius = (x * x + y * y).squareRoot()
      #expect(radius <= 3)
      #expect(abs(PriorShape.swissRoll.point(0, 0, 0, 0).x - 3) < 1e-12)
    }
    #expect(model.followsPrior)
    #expect(
      !Model(
        input: [4], encoder: Self.layers(2), latent: .deterministic, decoder: Self.layers(4),
        loss: Loss(reconstruction: .squaredError, reduction: .mean)
      ).followsPrior)
  }
}
