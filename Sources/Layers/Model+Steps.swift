import Graphs
import Randoms

/// A graph that a model built, and what a caller needs to know of it.
package struct StepGraph: Hashable, Sendable {
  package var graph: Graph
  /// The columns of the feed's loss log.
  package var parts: [LossPart] = []
  /// Tensors to read after a run, by name: `original`, `reconstruction`, `samples`, `code`.
  package var outputs: [String: TensorID] = [:]
}

extension Model {
  /// Forward pass, gradients, record and update of one training step.
  package func trainingStep(
    _ batch: BatchSource, optimizer: Optimizer
  ) throws(GraphError) -> StepGraph {
    var pass = try forward(batch, noise: .latent)
    let losses = zip(pass.losses, pass.parts).map { (loss: $0, weight: $1.weight) }
    let parameters = pass.network.graph.parameters.map(\.id)
    let gradients = try pass.network.graph.gradients(of: losses, by: parameters)
    let record = Record(feed: batch.feed, partCount: pass.parts.count)
    try pass.network.graph.add(.record(record), pass.losses + gradients)
    try pass.network.graph.add(.update(Update(optimizer)), gradients)
    return StepGraph(graph: pass.network.graph, parts: pass.parts)
  }

  /// The losses of one batch, recorded; nothing is trained.
  package func evaluationStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var pass = try forward(batch, noise: .evaluation)
    let record = Record(feed: batch.feed, partCount: pass.parts.count)
    try pass.network.graph.add(.record(record), pass.losses)
    return StepGraph(graph: pass.network.graph, parts: pass.parts)
  }

  /// A batch and what the model makes of it, as a person would look at it; a variational model decodes
  /// the mean of its code.
  package func reconstructionStep(_ batch: BatchSource) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder()
    let x = try batch.gather(input, in: &network.graph)
    let code = try encode(x, in: &network).mean
    let output = try visible(network.build(decoder, code, part: "decoder"), in: &network)
    return StepGraph(
      graph: network.graph, outputs: ["original": x, "reconstruction": output, "code": code])
  }

  /// What the decoder makes of `count` codes drawn from `N(0, I)`, numbered by the step of `feed`.
  package func samplingStep(count: Int, feed: Feed) throws(GraphError) -> StepGraph {
    var network = NetworkBuilder()
    // The encoder declares its parameters first, so that names and layout are those of the whole model;
    // nothing reads what it computes, and only the decoder's nodes are kept.
    let x = network.graph.add(.input(name: "unused"), TensorType(Shape([1] + input.dimensions)))
    let code = try encode(x, in: &network).mean
    let encoderNodes = network.graph.nodes.count
    let shape = Shape([count] + network.graph.shape(code).dimensions.dropFirst())
    let normal = Normal(shape, stream: RandomStream.sampling.rawValue, feed: feed)
    let samples = try network.graph.add(.normal(normal), [])[0]
    let output = try visible(network.build(decoder, samples, part: "decoder"), in: &network)
    let decoderNodes = Array(network.graph.nodes.dropFirst(encoderNodes))
    return StepGraph(graph: network.graph.with(nodes: decoderNodes), outputs: ["samples": output])
  }

  /// Every parameter, in the order in which it is laid out.
  package func parameters() throws(GraphError) -> [ParameterDeclaration] {
    let one = BatchSource(
      feed: .training, exampleCount: 1, elementType: .float32, batchSize: 1, stride: 1, scale: 1)
    return try forward(one, noise: .latent).network.parameters
  }

  /// A forward pass up to the losses.
  private struct Pass {
    var network: NetworkBuilder
    var losses: [TensorID]
    var parts: [LossPart]
  }

  private func forward(_ batch: BatchSource, noise: RandomStream) throws(GraphError) -> Pass {
    var network = NetworkBuilder()
    let x = try batch.gather(input, in: &network.graph)
    var code = try encode(x, in: &network)
    var divergence: TensorID?
    if let logVariance = code.logVariance {
      let normal = Normal(network.graph.shape(code.mean), stream: noise.rawValue, feed: batch.feed)
      let epsilon = try network.graph.add(.normal(normal), [])[0]
      let sample = try network.graph.add(
        .reparameterize(Reparameterize(divergenceReduction)), [code.mean, logVariance, epsilon])
      code.mean = sample[0]
      divergence = sample[1]
    }
    let output = try network.build(trainedDecoder, code.mean, part: "decoder")
    let reconstruction = ReconstructionLoss(trainedError, loss.reduction)
    var pass = Pass(
      network: network, losses: [], parts: [LossPart(name: "reconstruction", weight: 1)])
    pass.losses = try pass.network.graph.add(.reconstructionLoss(reconstruction), [output, x])
    if let divergence {
      pass.losses.append(divergence)
      pass.parts.append(LossPart(name: "kl", weight: loss.klWeight))
    }
    return pass
  }

  /// The divergence is one of the batch where the loss is, else one of an example.
  private var divergenceReduction: Reduction { loss.reduction == .sum ? .sum : .batchMean }

  /// The code of `x`; for a variational model its mean and log-variance.
  private func encode(
    _ x: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> (mean: TensorID, logVariance: TensorID?) {
    let features = try network.build(encoder, x, part: "encoder")
    switch latent {
    case .deterministic: return (features, nil)
    case .variational(let units):
      let head = Layer.dense(Dense(units: units))
      let mean = try network.build(head, features, named: "mean")
      return (mean, try network.build(head, features, named: "logVariance"))
    }
  }
}
