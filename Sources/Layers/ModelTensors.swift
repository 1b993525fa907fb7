import Graphs
import Randoms

/// A model under construction in one graph: each tensor is built when it is first requested.
struct ModelTensors {
  private let model: Model
  private let batch: BatchSource
  private let mode: Mode
  private(set) var network: NetworkBuilder
  private var known: [String: TensorID] = [:]
  /// The decoder's output for the loss.
  private var output: TensorID?
  /// The weighted divergence, and the divergence itself.
  private var divergence: TensorID?
  private var nats: TensorID?
  /// For several codes per example, `log p(z) − log q(z|x)`.
  private var ratio: TensorID?
  private var quantized: QuantizedBatch?

  init(_ model: Model, _ batch: BatchSource, _ mode: Mode) {
    self.model = model
    self.batch = batch
    self.mode = mode
    network = NetworkBuilder(mode, batch, frozen: model.frozen)
    network.sumsBatch = model.loss.reduction == .sum
  }

  /// A tensor by its name.
  mutating func tensor(_ name: String) throws(GraphError) -> TensorID {
    if let id = known[name] { return id }
    let id: TensorID
    switch ModelTensor(rawValue: name) {
    case .input: id = try model.gather(batch, in: &network)
    case .code: id = try code()
    case .reconstruction: id = try reconstruction()
    case .prior: id = try prior()
    case .label: id = try label()
    case nil: id = try part(name)
    }
    known[name] = id
    return id
  }

  private mutating func code() throws(GraphError) -> TensorID {
    let x = try tensor("input")
    let code = try model.encode(
      model.corruption?.corrupt(x, in: &network) ?? x, in: &network)
    quantized = code.quantized
    guard let logVariance = code.logVariance else { return code.mean }
    let shape = network.graph.shape(code.mean)
    let epsilon = try normal([shape[0], model.drawCount * shape[1]])
    guard model.drawCount == 1 else {
      let rows = try network.reshape(epsilon, to: [shape[0] * model.drawCount, shape[1]])
      let samples = try network.graph.add(
        .importanceSample(ImportanceSample(drawCount: model.drawCount)),
        [code.mean, logVariance, rows])
      ratio = samples[1]
      return samples[0]
    }
    let sample = try network.graph.add(
      .reparameterize(Reparameterize(model.divergenceReduction)),
      [code.mean, logVariance, epsilon])
    (divergence, nats) = (sample[1], sample[1])
    if model.loss.freeBits > 0 {
      let op = FreeBits(floor: model.loss.freeBits, model.divergenceReduction)
      let whole = try network.wholeBatch([code.mean, logVariance])
      let value = try network.graph.add(.freeBits(op), whole)[0]
      network.noteWhole(value)
      divergence = value
    }
    return sample[0]
  }

  /// The normal numbers for drawing codes.
  private mutating func normal(_ shape: Shape) throws(GraphError) -> TensorID {
    let stream: RandomStream = mode == .training ? .latent : .evaluation
    let normal = Normal(
      shape, stream: stream.rawValue, feed: batch.feed, numbering: network.numbering(of: shape))
    return try network.graph.add(.normal(normal), [])[0]
  }

  private mutating func decoded() throws(GraphError) -> TensorID {
    if let output { return output }
    let id = try network.build(model.trainedDecoder, tensor("code"), part: "decoder")
    try model.expectInputShape(id, in: network)
    output = id
    return id
  }

  private mutating func reconstruction() throws(GraphError) -> TensorID {
    try seen(decoded())
  }

  /// The decoder's output between 0 and 1, if the loss takes logits.
  private mutating func seen(_ output: TensorID) throws(GraphError) -> TensorID {
    guard model.trainedError == .binaryCrossEntropyWithLogits else { return output }
    return try network.activate(output, .sigmoid)
  }

  private mutating func prior() throws(GraphError) -> TensorID {
    let code = try tensor("code")
    let stream: RandomStream = mode == .training ? .prior : .evaluationPrior
    return try model.drawPrior(
      network.graph.shape(code), stream, batch.feed, in: &network)
  }

  private mutating func part(_ name: String) throws(GraphError) -> TensorID {
    guard let part = model.parts.first(where: { $0.name == name }) else {
      throw .unknownTensor(name: name)
    }
    var read: [TensorID] = []
    for name in part.reads { read.append(try tensor(name)) }
    let x = try network.concatenated(read)
    if part.shares == NetworkPart.decoder.rawValue {
      // Its weights are declared together with the decoder's.
      _ = try decoded()
      return try seen(network.build(model.trainedDecoder, x, part: "decoder"))
    }
    let owner = model.parts.first { $0.name == part.shares } ?? part
    return try network.build(owner.layers, x, part: owner.name)
  }

  /// The class of each example, which comes with the examples.
  private mutating func label() throws(GraphError) -> TensorID {
    _ = try tensor("input")
    guard let label = network.label else { throw .unknownTensor(name: "label") }
    return label
  }

  /// The terms of the model's loss, each with its column of the log.
  mutating func loss() throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    let output = try decoded()
    let (x, code) = (try tensor("input"), try tensor("code"))
    let operands = [output, x] + (try model.presence(batch, in: &network).map { [$0] } ?? [])
    var terms: [(value: TensorID, part: LossPart)] = []
    if let ratio {
      terms.append((try bound(operands, ratio), LossPart(name: "bound", weight: 1)))
    } else {
      let scale = LossScale(
        model.loss.reduction, presentShare: model.masked ? batch.presentShare : nil)
      let op = ReconstructionLoss(model.trainedError, scale)
      let reconstruction = try network.graph.add(.reconstructionLoss(op), operands)[0]
      terms.append((reconstruction, LossPart(name: "reconstruction", weight: 1)))
    }
    if let divergence, let nats { terms += try divergenceTerms(divergence, nats) }
    if let penalty = model.loss.discrepancy {
      let value = try discrepancy(penalty.kernel, of: "code", from: "prior")
      terms.append((value, LossPart(name: "mmd", weight: penalty.weight)))
    }
    if let quantized, let codebook = model.codebook {
      terms += try codebook.terms(of: quantized, model.loss.reduction, in: &network)
    }
    terms += try model.loss.penalties(on: code, weights: ownWeights, in: &network)
    return terms + layerTerms { name in NetworkPart.allCases.contains { $0.has(name) } }
  }

  /// The negative bound of log-weights `log p(x|z) + log p(z) − log q(z|x)`.
  /// - Parameter operands: those of `ExampleLoss`.
  private mutating func bound(
    _ operands: [TensorID], _ ratio: TensorID
  ) throws(GraphError) -> TensorID {
    let likelihood = ExampleLoss(
      model.trainedError, factor: -1, drawCount: model.drawCount, isMasked: model.masked)
    let value = try network.graph.add(.exampleLoss(likelihood), operands)[0]
    let weights = try network.graph.add(.add(Add()), [ratio, value])[0]
    let bound = ImportanceBound(drawCount: model.drawCount, model.divergenceReduction)
    return try network.graph.add(.importanceBound(bound), [weights])[0]
  }

  /// The discrepancy between a batch of a tensor's rows and that of another tensor.
  private mutating func discrepancy(
    _ kernel: DiscrepancyKernel, of x: String, from y: String
  ) throws(GraphError) -> TensorID {
    let (a, b) = (try tensor(x), try tensor(y))
    let batches = try network.wholeBatch([network.features(a), network.features(b)])
    let value = try network.graph.add(.discrepancy(Discrepancy(kernel)), batches)[0]
    network.noteWhole(value)
    return value
  }

  /// `klWeight · kl`, or `klWeight · |kl − C|`; if that is not the divergence itself, also the
  /// divergence in nats.
  private mutating func divergenceTerms(
    _ kl: TensorID, _ nats: TensorID
  ) throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    let weight = model.loss.klWeight
    // If the loss is the sum over the batch, so is the divergence.
    let isSum = model.divergenceReduction == .sum
    var value = kl
    if let capacity = model.loss.klCapacity {
      let target = -Double(isSum ? batch.wholeSize : 1)
      let negative = try network.scaled(network.scheduled(capacity), by: target)
      let excess = try network.graph.add(.add(Add()), [wholeDivergence(kl), negative])[0]
      value = try network.graph.add(.sumOfAbsolutes(SumOfAbsolutes()), [excess])[0]
      network.noteWhole(value)
    }
    guard value != nats else {
      return [(kl, LossPart(name: "kl", weight: weight, unweightedName: "klNats"))]
    }
    let examples = isSum ? batch.batchSize : 1
    let own = examples == 1 ? nats : try network.scaled(nats, by: 1 / Double(examples))
    return [(value, LossPart(name: "kl", weight: weight)), (own, .measure("klNats"))]
  }

  /// The divergence of the batch of all ranks.
  private mutating func wholeDivergence(_ kl: TensorID) throws(GraphError) -> TensorID {
    guard network.part != nil, !network.wholeValues.contains(kl) else { return kl }
    let factor = network.rankFactor(of: kl, LossPart(name: "kl", weight: 1))
    return try network.graph.add(.allReduce(AllReduce(.sum([factor]))), [kl])[0]
  }

  /// The terms of layers whose names have this prefix.
  private func layerTerms(
    _ isWanted: (String) -> Bool
  ) -> [(value: TensorID, part: LossPart)] {
    network.terms.filter { isWanted($0.scope + ".") }.map { ($0.value, $0.part) }
  }

  /// The weights of encoder and decoder.
  private var ownWeights: [TensorID] {
    network.weights.filter { id in
      guard case .parameter(let name) = network.graph[id].role else { return true }
      return !model.parts.contains { name.hasPrefix($0.name + ".") }
    }
  }

  /// The terms that a phase minimises.
  /// - Parameter isFirst: whether its terms are the model's loss; those of later phases are
  ///   reported separately, under their phase's name.
  mutating func goals(
    of phase: Phase, isFirst: Bool
  ) throws(GraphError) -> [(value: TensorID, part: LossPart)] {
    var found: [(value: TensorID, part: LossPart)] = []
    for goal in phase.minimises {
      switch goal {
      case .loss: found += try loss()
      case .divergence:
        _ = try tensor("code")
        guard let divergence = nats else { throw .unknownTensor(name: "kl") }
        found.append((divergence, LossPart(name: "kl", weight: 1)))
      case .term(let term):
        let part = LossPart(name: phase.name, weight: term.weight, kind: "\(term)")
        found.append((try value(of: term), part))
      }
    }
    // The terms of encoder and decoder are in the model's loss.
    let parts = phase.moves.filter { NetworkPart(rawValue: $0) == nil }
    found += layerTerms { name in parts.contains { name.hasPrefix($0 + ".") } }
    guard !isFirst else { return found }
    return found.filter { !$0.part.isMeasure }.map { ($0.value, $0.part.beside(phase.name)) }
  }

  private mutating func value(of term: Term) throws(GraphError) -> TensorID {
    switch (term.kind, term.against) {
    case (.discrepancy(let kernel), .tensor(let name)):
      return try discrepancy(kernel, of: term.of, from: name)
    case (.discrepancy, .value): preconditionFailure("a batch can only be compared with a batch")
    case (.error(let error), let against):
      let x = try tensor(term.of)
      let target: TensorID
      switch against {
      case .value(let value): target = network.graph.add(.constant(value), network.graph[x].type)
      case .tensor(let name): target = try tensor(name)
      }
      let op = ReconstructionLoss(error, model.divergenceReduction)
      return try network.graph.add(.reconstructionLoss(op), [x, target])[0]
    }
  }

  /// Builds everything that declares parameters, and all terms to minimise.
  mutating func buildAll() throws(GraphError) {
    _ = try loss()
    for part in model.parts { _ = try tensor(part.name) }
    for phase in model.phases { _ = try goals(of: phase, isFirst: false) }
  }

  /// For gradients, records and updates at the end of the graph.
  @discardableResult
  mutating func add(_ op: Op, _ inputs: [TensorID]) throws(GraphError) -> [TensorID] {
    try network.graph.add(op, inputs)
  }

  mutating func gradients(
    of terms: [(value: TensorID, part: LossPart)], by parameters: [TensorID]
  ) throws(GraphError) -> [TensorID] {
    var weighted: [(loss: TensorID, weight: TensorID)] = []
    for (value, part) in terms where !part.isMeasure {
      let factor = network.rankFactor(of: value, part)
      weighted.append((value, try network.scheduled(part.weight, times: factor)))
    }
    return try network.graph.gradients(of: weighted, by: parameters)
  }
}
