import Graphs

/// How a product's launch computes the loss of its result.
struct Judgement {
  let defines: [String]
  /// The activation whose derivative is applied to the gradient.
  let derivativeOf: Activation
  let operands: [Argument]
  /// The gradient that is stored in place of the result, if there is one.
  let gradient: TensorID?
}

extension LaunchList {
  mutating func reconstructionLoss(_ op: ReconstructionLoss, _ node: Node) {
    reconstruct(op.error, op.scale, node, loss: node.outputs[0], gradient: nil)
  }

  mutating func reconstructionLossGradient(_ op: ReconstructionLossGradient, _ node: Node) {
    reconstruct(op.error, op.scale, node, loss: nil, gradient: node.outputs[0])
  }

  mutating func reconstructionLossWithGradient(
    _ op: ReconstructionLossWithGradient, _ node: Node
  ) {
    reconstruct(
      op.error, op.scale, node, loss: node.outputs[0], gradient: node.outputs[1])
  }

  /// The gradients of activations that a loss's launch writes in place of its own gradient: for the
  /// activation of the reconstruction, if its gradient is the next step and the loss's gradient has
  /// no other reader.
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

  /// The losses that a product's launch computes, by the product's result: for a reconstruction
  /// that only the next step reads, and the gradient of its activation, if that is computed with
  /// the loss. A launch may write the gradient while another group still reads operands: they do
  /// not share memory.
  func findLossesBesideProducts() -> [TensorID: Node] {
    var beside: [TensorID: Node] = [:]
    for (node, loss) in zip(plan.steps, plan.steps.dropFirst()) {
      guard case .product(let op) = node.op, op.epilogue.derivativeOf == .identity,
        let shape = products[node.outputs[0]], candidate(shape).carriesLoss,
        let tensors = lossTensors(loss), tensors.x == node.outputs[0],
        !plan.outputs.contains(tensors.x), columnSumsBeside[tensors.x] == nil
      else { continue }
      let activation = tensors.gradient.flatMap { activationsBeside[$0] }
      let written = activation?.result ?? tensors.gradient
      let readers = plan.steps.filter { $0.inputs.contains(tensors.x) }
      guard readers.count == (activation == nil ? 1 : 2),
        written.map({ written in node.inputs.allSatisfy { !span(written).overlaps(span($0)) } })
          ?? true
      else { continue }
      beside[tensors.x] = loss
    }
    return beside
  }

  /// The tensor from which a loss is computed, and its gradient if it is computed together; `nil`
  /// for other steps, and if targets may be missing.
  private func lossTensors(_ node: Node) -> (x: TensorID, gradient: TensorID?)? {
    switch node.op {
    case .reconstructionLoss(let op) where !op.scale.isMasked: (node.inputs[0], nil)
    case .reconstructionLossWithGradient(let op) where !op.scale.isMasked:
      (node.inputs[0], node.outputs[1])
    default: nil
    }
  }

  private func gradient(of loss: Node) -> TensorID? {
    if case .reconstructionLossGradient = loss.op { return loss.outputs[0] }
    if case .reconstructionLossWithGradient = loss.op { return loss.outputs[1] }
    return nil
  }

  /// Whether two tensors overlap in memory, but not element by element.
  private func cuts(_ a: TensorID, _ b: TensorID) -> Bool {
    span(a).overlaps(span(b)) && span(a) != span(b)
  }

  /// One launch for either or both; `x` is passed for operands that it does not use.
  private mutating func reconstruct(
    _ error: ReconstructionError, _ scale: LossScale, _ node: Node, loss: TensorID?,
    gradient: TensorID?
  ) {
    let x = node.inputs[0]
    guard lossesBeside[x] == nil else { return }
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
      ] + (scale.isMasked ? ["MASKED=1"] : []),
      [
        .int(count), .float(scale.factor(of: shape(x))), tensor(x), tensor(node.inputs[1]),
        gradient == nil ? tensor(x) : tensor(node.inputs.last!),
        tensor(activation?.result ?? gradient ?? x),
        partials ?? tensor(x),
      ] + (scale.isMasked ? [tensor(node.inputs[2])] : []), groups: groups)
  }

  /// The arguments and defines with which a product's launch computes the loss of its result.
  /// - Parameter groups: its work-groups, each of which writes a partial sum.
  mutating func judge(_ loss: Node, groups: Int) -> Judgement {
    let (error, scale, gradient): (ReconstructionError, LossScale, TensorID?) =
      switch loss.op {
      case .reconstructionLoss(let op): (op.error, op.scale, nil)
      case .reconstructionLossWithGradient(let op): (op.error, op.scale, loss.outputs[1])
      default: preconditionFailure("a product cannot compute \(loss.op.operation.name)")
      }
    let (x, target) = (loss.inputs[0], loss.inputs[1])
    let activation = gradient.flatMap { activationsBeside[$0] }
    return Judgement(
      defines: ["LOSS=\(gradient == nil ? 1 : 2)", "ERROR=\(error.number)"],
      derivativeOf: activation?.of ?? .identity,
      operands: [
        .float(scale.factor(of: shape(x))), tensor(target),
        tensor(gradient == nil ? target : loss.inputs[2]),
        reservePartials(loss.outputs[0], groups),
      ], gradient: activation?.result ?? gradient)
  }

  mutating func exampleLoss(_ op: ExampleLoss, _ node: Node) {
    let (rows, x) = (shape(node.outputs[0]).count, shape(node.inputs[0]))
    guard rows > 0 else { return }
    launch(
      "example_loss",
      defines: ["ERROR=\(op.error.number)", "MASKED=\(op.isMasked ? 1 : 0)"],
      [
        .int(rows), .int(x.count / rows), .int(op.drawCount), .float(op.factor),
        tensor(node.inputs[0]), tensor(node.inputs[1]), tensor(node.outputs[0]),
      ] + (op.isMasked ? [tensor(node.inputs[2])] : []), groups: sizes.groupsOfRows(rows))
  }

  mutating func exampleLossGradient(_ op: ExampleLossGradient, _ node: Node) {
    let (rows, x) = (shape(node.inputs.last!).count, shape(node.inputs[0]))
    guard x.count > 0 else { return }
    launch(
      "example_loss_gradient", in: "example_loss",
      defines: ["ERROR=\(op.loss.error.number)", "MASKED=\(op.loss.isMasked ? 1 : 0)"],
      [
        .int(rows), .int(x.count / rows), .int(op.loss.drawCount), .float(op.loss.factor),
        tensor(node.inputs[0]), tensor(node.inputs[1]), tensor(node.inputs.last!),
        tensor(node.outputs[0]),
      ] + (op.loss.isMasked ? [tensor(node.inputs[2])] : []),
      groups: sizes.cellGroups(rows: rows, columns: x.count / rows))
  }

  mutating func sumOfSquares(_ node: Node) {
    let count = shape(node.inputs[0]).count
    let groups = sizes.sumGroups(count)
    let partials = reservePartials(node.outputs[0], groups)
    launch("sum_of_squares", [.int(count), tensor(node.inputs[0]), partials], groups: groups)
  }
}
