import Graphs

/// A sigmoid output judged by cross-entropy is trained on its logits: the same loss and the same gradient,
/// without the rounding of `log(sigmoid(x))`.
extension Model {
  private var endsInSigmoid: Bool {
    if case .dense(let last)? = decoder.last { last.activation == .sigmoid } else { false }
  }

  private var trainsOnLogits: Bool { endsInSigmoid && loss.reconstruction == .binaryCrossEntropy }

  /// The error as it is trained.
  var trainedError: ReconstructionError {
    trainsOnLogits ? .binaryCrossEntropyWithLogits : loss.reconstruction
  }

  /// The decoder as it is trained: without its last sigmoid where the loss takes the logits.
  var trainedDecoder: [Layer] {
    guard trainsOnLogits, case .dense(var last)? = decoder.last else { return decoder }
    last.activation = .identity
    return decoder.dropLast() + [.dense(last)]
  }

  /// `output` as a person would look at it: after a sigmoid where the loss takes logits.
  func visible(
    _ output: TensorID, in network: inout NetworkBuilder
  ) throws(GraphError) -> TensorID {
    guard loss.reconstruction == .binaryCrossEntropyWithLogits else { return output }
    return try network.graph.add(.activate(Activate(.sigmoid)), [output])[0]
  }
}
