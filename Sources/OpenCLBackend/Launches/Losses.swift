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

  /// The gradients of activations that a loss's launch writes in place of its own gradient: of the
  /// one that made the reconstruction, where its gradient is the next step and nobody else reads
  /// the loss's.
  func findActivationsBesideLosses() -> [TensorID: (of: Activation, result: TensorID)] {
    var beside: [TensorID: (of: Activation, result: TensorID)] = [:]
    for (loss, next) in zip(plan.steps, plan.steps.dropFirst()) {
      guard let dx = gradient(of: loss), case .activateGradient(let op) = next.op,
        next.inputs == [dx, loss.inputs[0]], !plan.outputs.contains(dx),
        plan.steps.count(where: { $0.inputs.contains(dx) }) == 1,
        (loss.inputs + loss.outputs.dropLast()).allSatisfy({ !cuts(next.outputs[0], $0) })
      else { continue }
      beside[dx] = (op.activation, next.outputs[0])
    }
    return beside
  }

  private func gradient(of loss: Node) -> TensorID? {
    if case .reconstructionLossGradient = loss.op { return loss.outputs[0] }
    if case .reconstructionLossWithGradient = loss.op { return loss.outputs[1] }
    return nil
  }

  /// Whether two tensors share memory otherwise than element by element.
  private func cuts(_ a: TensorID, _ b: TensorID) -> Bool {
    guard case .arena(let first) = place(a), case .arena(let second) = place(b),
      first != second || shape(a).count != shape(b).count
    else { return false }
    return first < second + shape(b).count && second < first + shape(a).count
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
    let activation = gradient.flatMap { activationsBeside[$0] }
    launch(
      "reconstruction_loss",
      defines: [
        "ERROR=\(error.number)", "WITH_LOSS=\(loss == nil ? 0 : 1)",
        "WITH_GRADIENT=\(gradient == nil ? 0 : 1)",
        "DERIVATIVE=\((activation?.of ?? .identity).number)",
      ],
      [
        .int(count), .float(reduction.factor(of: shape(x))), tensor(x), tensor(node.inputs[1]),
        gradient == nil ? tensor(x) : tensor(node.inputs[2]),
        tensor(activation?.result ?? gradient ?? x),
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
