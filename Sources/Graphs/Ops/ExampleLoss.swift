/// `loss[r] = factor · Σ mask · error(x[r], t[n])`, a sum over the elements of one example, with `n
/// = r / drawCount`: several draws of an example have the same target.
/// - `x`: `[N · drawCount, …]`; `t` and, if targets may be missing, `mask`: `[N, …]`, 1 for a
///   value, 0 for a missing one. Result: `[N · drawCount]`.
/// - Gradient: by `ExampleLossGradient`; target and mask are data and receive none.
package struct ExampleLoss: DifferentiableOperation {
  package let error: ReconstructionError
  package let factor: Double
  package let drawCount: Int
  package let isMasked: Bool

  package init(
    _ error: ReconstructionError, factor: Double = 1, drawCount: Int = 1, isMasked: Bool = false
  ) {
    precondition(drawCount >= 1, "at least one draw per example is needed")
    self.error = error
    self.factor = factor
    self.drawCount = drawCount
    self.isMasked = isMasked
  }

  package var name: String { "exampleLoss(\(error.rawValue)\(isMasked ? ", masked" : ""))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == (isMasked ? 3 : 2), inputs[0].shape.rank >= 1,
      inputs[1].shape.rank >= 1,
      inputs[0].shape.dimensions
        == [drawCount * inputs[1].shape[0]] + inputs[1].shape.dimensions.dropFirst(),
      inputs.dropFirst(2).allSatisfy({ $0 == inputs[1] })
    else {
      throw mismatch(
        "reconstructions [\(drawCount) N, …], targets [N, …]" + (isMasked ? " and a mask" : ""),
        inputs)
    }
    return [TensorType([inputs[0].shape[0]])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard !call.wanted.dropFirst().contains(true) else {
      throw .notDifferentiable(op: "\(name) by its target")
    }
    let gradient = ExampleLossGradient(loss: self)
    let dx = try graph.add(
      .exampleLossGradient(gradient), call.inputs + [call.outputGradients[0]!])
    return [dx[0]] + call.inputs.dropFirst().map { _ in nil }
  }
}

/// `dx[r] = factor · mask · ∂error/∂x · dLoss[r]`.
/// - Operands: those of the loss, and `dLoss` `[N · drawCount]`. Result: `[N · drawCount, …]`.
package struct ExampleLossGradient: Operation {
  package let loss: ExampleLoss

  package init(loss: ExampleLoss) { self.loss = loss }

  package var name: String {
    "exampleLossGradient(\(loss.error.rawValue)\(loss.isMasked ? ", masked" : ""))"
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == (loss.isMasked ? 4 : 3),
      try loss.outputTypes(of: Array(inputs.dropLast())) == [inputs[inputs.count - 1]]
    else {
      throw mismatch("the loss's operands and a gradient for each row", inputs)
    }
    return [inputs[0]]
  }
}
