import Graphs

/// A sigmoid output with cross-entropy is trained on its logits: the same loss and gradient,
/// without the rounding errors of `log(sigmoid(x))`.
extension Model {
  /// The last layer of the decoder that changes values.
  private var lastIndex: Int? { decoder.lastIndex { !$0.keepsElements } }

  /// The activation of a deterministic code, if its layer has one.
  package var codeActivation: Activation? { encoder.last { !$0.keepsElements }?.activation }

  /// The last layer of the decoder whose output can be outside of 0 to 1, without a later layer
  /// that bounds it; `nil` if the output is always between 0 and 1.
  package var unboundedIndex: Int? {
    decoder.indices.reversed().first { !decoder[$0].keepsRange }.flatMap {
      decoder[$0].activation == .sigmoid ? nil : $0
    }
  }

  private var trainsOnLogits: Bool {
    loss.reconstruction == .binaryCrossEntropy
      && lastIndex.map { decoder[$0].activation == .sigmoid } ?? false
  }

  /// The error that is trained.
  var trainedError: ReconstructionError {
    trainsOnLogits ? .binaryCrossEntropyWithLogits : loss.reconstruction
  }

  /// The decoder in training: without its last sigmoid if the loss takes logits.
  var trainedDecoder: [Layer] {
    guard trainsOnLogits, let lastIndex else { return decoder }
    var layers = decoder
    layers[lastIndex] = layers[lastIndex].linear
    return layers
  }

  /// The output of `trainedDecoder` on the scale of the data: after a sigmoid if the loss takes
  /// logits, with the normalization undone.
  func visible(
    trained output: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    var output = output
    if trainedError == .binaryCrossEntropyWithLogits {
      output = try network.activate(output, .sigmoid)
    }
    return try denormalized(output, in: &network)
  }

  /// `x` with the normalization of the input undone.
  func denormalized(
    _ x: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    guard normalization != .none else { return x }
    let inputs = normalizationInputs(in: &network.graph)
    let op = Op.denormalize(Denormalize(normalization))
    return try network.graph.add(op, [x] + inputs.map(\.id))[0]
  }

  /// The inputs `shift` and `factor` of the normalization; each is added once.
  func normalizationInputs(in graph: inout Graph) -> [(name: String, id: TensorID)] {
    let names = (normalization.shift ? ["shift"] : []) + (normalization.factor ? ["factor"] : [])
    return names.map { name in
      let known = graph.tensors.first { $0.role == .input(name: name) }
      return (name, known?.id ?? graph.add(.input(name: name), TensorType(input)))
    }
  }
}
