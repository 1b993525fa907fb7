import Graphs
import Layers
import Testing

@Suite struct ModelTests {
  private let dense = Model(
    input: [4, 4, 1],
    encoder: [.dense(Dense(units: 6, activation: .relu)), .dense(Dense(units: 3))],
    latent: .deterministic, decoder: [.dense(Dense(units: 16, activation: .sigmoid))],
    loss: Loss(reconstruction: .binaryCrossEntropy, reduction: .mean))

  private let variational = Model(
    input: [16], encoder: [.dense(Dense(units: 6, activation: .relu))],
    latent: .variational(units: 2), decoder: [.dense(Dense(units: 16))],
    loss: Loss(
      reconstruction: .binaryCrossEntropyWithLogits, reduction: .batchMean, klWeight: 0.5))

  private func source(_ size: Int) -> BatchSource {
    BatchSource(
      feed: .training, exampleCount: 20, elementType: .uint8, batchSize: size, stride: 8,
      scale: 1 / 255)
  }

  @Test func namesAndShapes() throws {
    #expect(
      try variational.parameters().map { "\($0.name) \($0.shape)" } == [
        "encoder.0.weight [16, 6]", "encoder.0.bias [6]", "mean.weight [6, 2]", "mean.bias [2]",
        "logVariance.weight [6, 2]", "logVariance.bias [2]", "decoder.0.weight [2, 16]",
        "decoder.0.bias [16]",
      ])
    let flat = Model(
      input: [16], encoder: dense.encoder, latent: .deterministic, decoder: dense.decoder,
      loss: dense.loss)
    #expect(
      try flat.parameters().map(\.name) == [
        "encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias",
        "decoder.0.weight", "decoder.0.bias",
      ])
  }

  /// Every plan of a run shares one layout, so all graphs declare the same parameters in one order.
  @Test func everyStepDeclaresTheSameParameters() throws {
    let names = try variational.parameters().map(\.name)
    let adam = Optimizer.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    for graph in [
      try variational.trainingStep(source(8), optimizer: adam).graph,
      try variational.evaluationStep(source(4)).graph,
      try variational.samplingStep(count: 5, feed: .validation).graph,
    ] {
      #expect(graph.parameters.map(\.name) == names)
    }
    #expect(
      try variational.reconstructionStep(source(4)).graph.parameters.map(\.name)
        .allSatisfy(names.contains))
  }

  @Test func parts() throws {
    let parts = try variational.evaluationStep(source(4)).parts
    #expect(parts.map(\.name) == ["reconstruction", "kl"])
    #expect(parts.map(\.weight) == [1, 0.5])
  }

  @Test func outputsAreOfTheBatch() throws {
    let step = try variational.reconstructionStep(source(4))
    #expect(step.graph.shape(step.outputs["original"]!) == [4, 16])
    #expect(step.graph.shape(step.outputs["reconstruction"]!) == [4, 16])
    #expect(step.graph.shape(step.outputs["code"]!) == [4, 2])
    let samples = try variational.samplingStep(count: 5, feed: .validation)
    #expect(samples.graph.shape(samples.outputs["samples"]!) == [5, 16])
  }

  /// Sigmoid and cross-entropy are trained as one; what is looked at has the sigmoid.
  @Test func sigmoidOutputIsTrainedOnLogits() throws {
    var model = dense
    model.input = [16]
    let losses = try model.evaluationStep(source(4)).graph.nodes.compactMap { node in
      if case .reconstructionLoss(let loss) = node.op { loss.error } else { nil }
    }
    #expect(losses == [.binaryCrossEntropyWithLogits])
    func sigmoids(_ step: StepGraph) -> Int {
      step.graph.nodes.filter { $0.op == .activate(Activate(.sigmoid)) }.count
    }
    #expect(try sigmoids(model.evaluationStep(source(4))) == 0)
    #expect(try sigmoids(model.reconstructionStep(source(4))) == 1)
    #expect(try sigmoids(variational.reconstructionStep(source(4))) == 1)
  }

  @Test func glorotLimits() throws {
    let declaration = try variational.parameters()[0]
    let values = declaration.initialValues(seed: 1)
    let limit = Float(6.0 / 22).squareRoot()
    #expect(values.count == 96)
    #expect(values.allSatisfy { abs($0) <= limit })
    #expect(values.max()! > 0.9 * limit && values.min()! < -0.9 * limit)
    #expect(abs(values.reduce(0, +) / 96) < 0.1)
    #expect(try variational.parameters()[1].initialValues(seed: 1) == [0, 0, 0, 0, 0, 0])
  }

  @Test func initialWeightsFollowFromSeedAndTensor() throws {
    let declaration = try variational.parameters()[0]
    let values = declaration.initialValues(seed: 1)
    #expect(declaration.initialValues(seed: 1) == values)
    #expect(declaration.initialValues(seed: 2) != values)
    let other = ParameterDeclaration(
      name: declaration.name, shape: declaration.shape, initializer: declaration.initializer,
      fanIn: declaration.fanIn, fanOut: declaration.fanOut, index: declaration.index + 1)
    #expect(other.initialValues(seed: 1) != values)
  }

  @Test func layersThatDoNotFit() {
    var model = dense
    model.input = [16]
    model.decoder = [.dense(Dense(units: 15))]
    let error = #expect(throws: GraphError.self) { try model.parameters() }
    #expect(
      error?.description.contains("an output of the input's shape [1, 16], received [1, 15]")
        == true)
  }
}
