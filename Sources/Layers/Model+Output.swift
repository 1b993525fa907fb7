import Graphs

/// A sigmoid output judged by cross-entropy is trained on its logits: the same loss and the same
/// gradient, without the rounding of `log(sigmoid(x))`.
extension Model {
  /// The last layer of the decoder that computes anything.
  private var lastIndex: Int? { decoder.lastIndex { !$0.keepsElements } }

  /// The activation that a deterministic code comes from, where its layer has one.
  package var codeActivation: Activation? { encoder.last { !$0.keepsElements }?.activation }

  /// The last layer of the decoder that can put a value outside of 0 to 1, where no later one brings
  /// it back; `nil` if the output lies between 0 and 1 whatever the input.
  package var unboundedIndex: Int? {
    decoder.indices.reversed().first { !decoder[$0].keepsRange }.flatMap {
      decoder[$0].activation == .sigmoid ? nil : $0
    }
  }

  private var trainsOnLogits: Bool {
    loss.reconstruction == .binaryCrossEntropy
      && lastIndex.map { decoder[$0].activation == .sigmoid } ?? false
  }

  /// The error as it is trained.
  var trainedError: ReconstructionError {
    trainsOnLogits ? .binaryCrossEntropyWithLogits : loss.reconstruction
  }

  /// The decoder as it is trained: without its last sigmoid where the loss takes the logits.
  var trainedDecoder: [Layer] {
    guard trainsOnLogits, let lastIndex else { return decoder }
    var layers = decoder
    layers[lastIndex] = layers[lastIndex].linear
    return layers
  }

  /// The output of `trainedDecoder` on the scale of the data: after a sigmoid where the loss takes
  /// logits, and without the normalisation of the input.
  func visible(
    trained output: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    var output = output
    if trainedError == .binaryCrossEntropyWithLogits {
      output = try network.activate(output, .sigmoid)
    }
    return try denormalized(output, in: &network)
  }

  /// `x`, normalised as the input is, without that.
  func denormalized(
    _ x: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    guard normalization != .none else { return x }
    let inputs = normalizationInputs(in: &network.graph)
    let op = Op.denormalize(Denormalize(normalization))
    return try network.graph.add(op, [x] + inputs.map(\.id))[0]
  }

  /// The inputs `shift` and `factor`, of those that the normalisation has; each is added once.
  func normalizationInputs(in graph: inout Graph) -> [(name: String, id: TensorID)] {
    let names = (normalization.shift ? ["shift"] : []) + (normalization.factor ? ["factor"] : [])
    return names.map { name in
      let known = graph.tensors.first { $0.role == .input(name: name) }
      return (name, known?.id ?? graph.add(.input(name: name), TensorType(input)))
    }
  }
}
