import Graphs

extension ReconstructionError {
  /// Its number in `reconstruction_loss.cl`.
  var number: Int {
    switch self {
    case .squaredError: 0
    case .binaryCrossEntropy: 1
    case .binaryCrossEntropyWithLogits: 2
    }
  }
}

extension LaunchList {
  mutating func reconstructionLoss(_ op: ReconstructionLoss, _ node: Node) {
    reconstruct(op.error, op.reduction, node, loss: node.outputs[0], gradient: nil)
  }

  mutating func reconstructionLossGradient(_ op: ReconstructionLossGradient, _ node: Node) {
    reconstruct(op.error, op.reduction, node, loss: nil, gradient: node.outputs[0])
  }

  mutating func reconstructionLossWithGradient(
    _ op: ReconstructionLossWithGradient, _ node: Node
  ) {
    reconstruct(
      op.error, op.reduction, node, loss: node.outputs[0], gradient: node.outputs[1])
  }

  /// One launch for either or both; the operands that it does not touch are stood in for by `x`.
  private mutating func reconstruct(
    _ error: ReconstructionError, _ reduction: Reduction, _ node: Node, loss: TensorID?,
    gradient: TensorID?
  ) {
    let x = node.inputs[0]
    let count = shape(x).count
    let groups = loss == nil ? sizes.flatGroups(count) : sizes.sumGroups(count)
    let partials = loss.map { reservePartials($0, groups) }
    launch(
      "reconstruction_loss",
      defines: [
        "ERROR=\(error.number)", "WITH_LOSS=\(loss == nil ? 0 : 1)",
        "WITH_GRADIENT=\(gradient == nil ? 0 : 1)",
      ],
      [
        .int(count), .float(reduction.factor(of: shape(x))), tensor(x), tensor(node.inputs[1]),
        gradient == nil ? tensor(x) : tensor(node.inputs[2]), tensor(gradient ?? x),
        partials ?? tensor(x),
      ], groups: groups)
  }

  mutating func sumOfSquares(_ node: Node) {
    let count = shape(node.inputs[0]).count
    let groups = sizes.sumGroups(count)
    let partials = reservePartials(node.outputs[0], groups)
    launch("sum_of_squares", [.int(count), tensor(node.inputs[0]), partials], groups: groups)
  }
}
