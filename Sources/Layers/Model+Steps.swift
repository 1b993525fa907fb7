import Graphs
import Randoms

/// The graph of a step, with the names of its inputs and outputs.
package struct StepGraph: Hashable, Sendable {
  package var graph: Graph
  /// The columns of the feed's loss log.
  package var parts: [LossPart] = []
  /// Tensors to write before the first run, by name: `shift` and `factor` of the normalization, and
  /// the `code` to decode.
  package var inputs: [String: TensorID] = [:]
  /// Tensors to read after a run, by name: `original`, `corrupted`, `reconstruction`, `logits`,
  /// `presence`, `samples`, `decoded`, `code`, `logVariance`, `indices`; for evaluation also
  /// `reconstructionError`, `squaredError`, `logWeights`.
  package var outputs: [String: TensorID] = [:]
}

extension StepGraph {
  fileprivate init(
    _ tensors: ModelTensors, _ terms: [(value: TensorID, part: LossPart)], of model: Model
  ) {
    let graph = tensors.network.graph
    self.init(graph: graph, parts: terms.map(\.part), inputs: model.inputs(of: graph))
  }
}

extension Model {
  /// The phases of one training step: forward pass, gradients, record and update of each.
  /// - Parameter updating: the optimizer of a model without phases.
  package func trainingSteps(
    _ batch: BatchSource, _ updating: Updating
  ) throws(GraphError) -> [StepGraph] {
    guard !phases.isEmpty else {
      return [
        try trainingStep(
          batch, optimizer: updating.optimizer, clipping: updating.clipping)
      ]
    }
    var steps: [StepGraph] = []
    var columns: [PhaseColumns] = []
    var column = 0
    for (index, phase) in phases.enumerated() {
      let step = try trainingStep(batch, phase, index, firstColumn: column, after: columns)
      columns.append((phase.name, column, step.parts))
      column += step.parts.count
      steps.append(step)
    }
    return steps
  }

  /// The step of a model without phases.
  package func trainingStep(
    _ batch: BatchSource, optimizer: Optimizer, clipping: GradientClipping = .none
  ) throws(GraphError) -> StepGraph {
    var tensors = ModelTensors(self, batch, .training)
    let terms = try tensors.loss()
    let parameters = tensors.network.graph.parameters.map(\.id)
    let gradients = try tensors.gradients(of: terms, by: parameters)
    let sums = try tensors.summed(terms, gradients)
    let record = Record(feed: batch.feed, partCount: terms.count)
    try tensors.add(.record(record), sums.losses + sums.gradients)
    for (op, inputs, _) in tensors.network.stateUpdates { try tensors.add(op, inputs) }
    try tensors.add(.update(Update(optimizer, clipping: clipping)), sums.gradients)
    return StepGraph(tensors, terms, of: self)
  }

  private func trainingStep(
    _ batch: BatchSource, _ phase: Phase, _ index: Int, firstColumn: Int,
    after columns: [PhaseColumns]
  ) throws(GraphError) -> StepGraph {
    let isLast = index == phases.count - 1
    var tensors = ModelTensors(self, batch, .training)
    let terms = try tensors.goals(of: phase, isFirst: index == 0)
    let moved = tensors.network.graph.parameters.filter { phase.moves($0.name) }
    let gradients = try tensors.gradients(of: terms, by: moved.map(\.id))
    let sums = try tensors.summed(terms, gradients)
    let record = Record(
      feed: batch.feed, partCount: terms.count, firstColumn: firstColumn, phase: index,
      isLast: isLast)
    try tensors.add(.record(record), sums.losses + sums.gradients)
    // The statistics of other parts are updated in their own phases.
    for (op, inputs, scope) in tensors.network.stateUpdates where phase.moves(scope + ".") {
      try tensors.add(op, inputs)
    }
    let update = Update(
      phase.updating.optimizer, clipping: phase.updating.clipping, moves: moved.map(\.name),
      phase: index, isLast: isLast,
      gate: phase.condition.map {
        gate($0, columns + [(phase.name, firstColumn, terms.map(\.part))])
      })
    try tensors.add(.update(update), sums.gradients)
    return StepGraph(tensors, terms, of: self)
  }

  /// A phase's columns of the log: the phase's name, the first column, and the parts.
  private typealias PhaseColumns = (name: String, first: Int, parts: [LossPart])

  /// The condition of an update.
  private func gate(_ condition: Phase.Condition, _ columns: [PhaseColumns]) -> Gate {
    guard let found = columns.last(where: { $0.name == condition.phase }) else {
      preconditionFailure("a condition names a phase that is done")
    }
    return Gate(
      columns: found.first..<found.first + found.parts.count,
      weights: found.parts.map(\.weight.to), above: condition.above, below: condition.below)
  }

  /// The losses of one batch, of all phases, recorded; nothing is trained.
  package func evaluationStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var tensors = ModelTensors(self, batch, .evaluation)
    var terms: [(value: TensorID, part: LossPart)] = []
    if phases.isEmpty { terms = try tensors.loss() }
    for (index, phase) in phases.enumerated() {
      terms += try tensors.goals(of: phase, isFirst: index == 0)
    }
    let record = Record(feed: batch.feed, partCount: terms.count)
    try tensors.add(.record(record), terms.map(\.value))
    return StepGraph(tensors, terms, of: self)
  }

  /// Everything that is reported for a batch, for all phases: the columns of the record.
  package func lossParts() throws(GraphError) -> [LossPart] { try evaluationStep(.one).parts }

  /// A batch and its reconstruction, on the scale of the data. A variational model decodes the mean
  /// of its code; a denoising model encodes the corrupted batch. Further outputs are those of
  /// `encodingStep`; `logits`, if the reconstruction is a sigmoid trained with cross-entropy; and
  /// `presence`, if values may be missing: 1 for a value and 0 for a missing one.
  package func reconstructionStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder(.evaluation, batch, frozen: frozen)
    let x = try gather(batch, in: &network)
    let corrupted = try corruption?.corrupt(x, in: &network)
    let code = try encode(corrupted ?? x, in: &network)
    let output = try network.build(trainedDecoder, code.mean, part: "decoder")
    var outputs = try outputs(of: code, in: &network)
    outputs["original"] = try denormalized(x, in: &network)
    outputs["reconstruction"] = try visible(trained: output, in: &network)
    if trainedError == .binaryCrossEntropyWithLogits { outputs["logits"] = output }
    if let corrupted { outputs["corrupted"] = try denormalized(corrupted, in: &network) }
    outputs["presence"] = try presence(batch, in: &network)
    return StepGraph(
      graph: network.graph, inputs: inputs(of: network.graph), outputs: outputs)
  }

  /// The outputs of the relu layers for a batch, from its input to its reconstruction, named
  /// `relu0`, `relu1`, ….
  package func reluStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var step = try reconstructionStep(batch)
    let found = step.graph.nodes.filter { node in
      if case .activate(let op) = node.op { op.activation == .relu } else { false }
    }
    step.outputs = Dictionary(
      uniqueKeysWithValues: found.enumerated().map { ("relu\($0)", $1.outputs[0]) })
    return step
  }

  /// The codes of a batch without corruption; for a variational model their means, and also
  /// `logVariance`; for a model with a codebook the codebook vectors, and their `indices`.
  package func encodingStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder(.evaluation, batch, frozen: frozen)
    let code = try encode(gather(batch, in: &network), in: &network)
    let outputs = try outputs(of: code, in: &network)
    return StepGraph(
      graph: network.graph, inputs: inputs(of: network.graph), outputs: outputs)
  }

  private func outputs(
    of code: EncodedBatch, in network: inout NetworkBuilder
  ) throws(GraphError) -> [String: TensorID] {
    var outputs = ["code": code.mean]
    outputs["logVariance"] = code.logVariance
    if let indices = code.quantized?.indices {
      let places = network.graph.shape(code.mean).dimensions.dropLast()
      outputs["indices"] = try network.reshape(indices, to: Shape(Array(places)))
    }
    return outputs
  }

  /// Decodes `count` codes that the host writes. The result is on the scale of the data: after a
  /// sigmoid if the loss takes logits, with the normalization undone.
  ///
  /// Inputs: `code` `[count] + codeShape` and, for a conditional model, `label` `[count, classes]`,
  /// 1 at the class and 0 elsewhere. Output: `decoded` `[count] + input`. No feed is read.
  package func decodingStep(count: Int) throws(GraphError) -> StepGraph {
    var (network, codeShape) = try declaringEncoder(feed: .validation)
    let type = TensorType(Shape([count] + codeShape.dimensions))
    let code = network.graph.add(.input(name: "code"), type)
    let label = addLabelInput(count: count, to: &network)
    let decoded = try decode(code, in: &network)
    var inputs = inputs(of: network.graph)
    inputs["code"] = code
    inputs["label"] = label
    return StepGraph(graph: network.graph, inputs: inputs, outputs: ["decoded": decoded])
  }

  /// Decodes `count` codes drawn from the prior: samples number `s` to `s + count − 1`, where `s`
  /// is the step of `feed`, which is not incremented. For a conditional model, the class is the
  /// input `label`.
  package func samplingStep(count: Int, feed: Feed) throws(GraphError) -> StepGraph {
    var (network, codeShape) = try declaringEncoder(feed: feed)
    let shape = Shape([count] + codeShape.dimensions)
    let code = try drawPrior(shape, .sampling, feed, in: &network)
    let label = addLabelInput(count: count, to: &network)
    let samples = try decode(code, in: &network)
    var inputs = inputs(of: network.graph)
    inputs["label"] = label
    return StepGraph(graph: network.graph, inputs: inputs, outputs: ["samples": samples])
  }

  /// The shape of one example's code: what the decoder reads.
  package func codeShape() throws(GraphError) -> Shape {
    try declaringEncoder(feed: .validation).codeShape
  }

  /// All parameters, in the order of the layout.
  package func parameters() throws(GraphError) -> [ParameterDeclaration] {
    try declared().parameters
  }

  /// All layer state, in the order of the layout.
  package func states() throws(GraphError) -> [StateDeclaration] {
    try declared().states
  }

  private func declared() throws(GraphError) -> NetworkBuilder {
    var tensors = ModelTensors(self, .one, .training)
    try tensors.buildAll()
    return tensors.network
  }

  func gather(
    _ batch: BatchSource, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    if let classes {
      network.label = try batch.gatherLabels(classes, in: &network.graph)
    }
    let values = normalizationInputs(in: &network.graph).map(\.id)
    return try batch.gather(
      input, normalization, values, part: masked ? .filled : .values, in: &network.graph)
  }

  /// 1 for a value of the batch, 0 for a missing one; `nil` for a model without missing values.
  func presence(
    _ batch: BatchSource, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID? {
    guard masked else { return nil }
    return try batch.gather(input, .none, [], part: .presence, in: &network.graph)
  }

  /// The reduction of the divergence: over the batch if the loss is a sum, else per example.
  var divergenceReduction: Reduction { loss.reduction == .sum ? .sum : .batchMean }

  /// The code of `x`; for a variational model its mean and log-variance, for a model with a
  /// codebook the codebook vectors.
  func encode(
    _ x: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> EncodedBatch {
    let features = try network.build(encoder, x, part: "encoder")
    network.mirrors = network.denseWeights
    switch latent {
    case .deterministic: return EncodedBatch(mean: features)
    case .variational(let units, _, let initializer, let biasInitializer):
      let head = Layer.dense(
        Dense(units: units, initializer: initializer, biasInitializer: biasInitializer))
      let mean = try network.build(head, features, named: "mean")
      return EncodedBatch(
        mean: mean, logVariance: try network.build(head, features, named: "logVariance"))
    case .codebook(let codebook):
      let quantized = try codebook.quantize(features, in: &network)
      return EncodedBatch(mean: quantized.code, quantized: quantized)
    }
  }

  /// A network that has declared the encoder's parameters, so that tied layers find their weights
  /// and all parameters have the same layout as in the whole model; nothing of the encoder is
  /// computed.
  private func declaringEncoder(
    feed: Feed
  ) throws(GraphError) -> (network: NetworkBuilder, codeShape: Shape) {
    var network = NetworkBuilder(.evaluation, feed: feed, numbering: .sample, frozen: frozen)
    let x = network.graph.add(.input(name: "example"), TensorType(Shape([1] + input.dimensions)))
    _ = addLabelInput(count: 1, to: &network)
    let code = try encode(x, in: &network).mean
    let shape = Shape(Array(network.graph.shape(code).dimensions.dropFirst()))
    network.graph = network.graph.with(nodes: [])
    return (network, shape)
  }

  /// Decodes codes, on the scale of the data.
  private func decode(
    _ code: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    let output = try network.build(trainedDecoder, code, part: "decoder")
    return try visible(trained: output, in: &network)
  }

  /// Throws if the decoder's output does not have the shape of an example.
  func expectInputShape(
    _ output: TensorID, in network: NetworkBuilder
  ) throws(GraphError) {
    let shape = network.graph.shape(output)
    let wanted = Shape([shape.dimensions.first ?? 1] + input.dimensions)
    guard shape != wanted else { return }
    let reason = GraphError.operands(
      op: "decoder", expected: "an output of the input's shape \(wanted)",
      received: [network.graph[output].type])
    throw .layer(part: "decoder", index: decoder.count - 1, reason: reason)
  }

  /// The class of each of `count` examples, as an input that the host writes; `nil` if no layer
  /// reads it.
  private func addLabelInput(count: Int, to network: inout NetworkBuilder) -> TensorID? {
    network.label = classes.map {
      network.graph.add(.input(name: "label"), TensorType([count, $0]))
    }
    return network.label
  }

  func inputs(of graph: Graph) -> [String: TensorID] {
    var graph = graph
    return Dictionary(
      uniqueKeysWithValues: normalizationInputs(in: &graph).map { ($0.name, $0.id) })
  }
}

/// The encoder's outputs for a batch.
struct EncodedBatch {
  /// The code; for a variational model its mean.
  let mean: TensorID
  var logVariance: TensorID?
  var quantized: QuantizedBatch?
}

extension BatchSource {
  /// A batch of one, for asking a model what it declares.
  package static let one = BatchSource(
    feed: .training, exampleCount: 1, elementType: .float32, batchSize: 1, stride: 1, scale: 1)
}
