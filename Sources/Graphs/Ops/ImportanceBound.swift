/// The importance-weighted bound on the log-likelihood, negative and over a batch (Burda et al.
/// 2015, equation 8).
///
/// `s = −factor · Σ log(1/K Σ e^(w[n, k]))`, the inner sum over `K = drawCount` draws; `factor` is
/// 1 if errors are summed over the batch, else `1/N`.
/// - `logWeights` (`w`): `[N · drawCount]`, in nats, the draws of an example one after the other.
///   Result: `[]`.
/// - Gradient: by `ImportanceBoundGradient`.
package struct ImportanceBound: DifferentiableOperation {
  package let drawCount: Int
  package let reduction: Reduction

  package init(drawCount: Int, _ reduction: Reduction) {
    precondition(drawCount >= 1, "at least one draw per example is needed")
    self.drawCount = drawCount
    self.reduction = reduction
  }

  package var name: String { "importanceBound(\(drawCount), \(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 1, inputs[0].shape[0] % drawCount == 0 else {
      throw mismatch("log-weights [\(drawCount) N]", inputs)
    }
    return [TensorType([])]
  }

  /// For log-weights of this shape.
  package func factor(of shape: Shape) -> Double { reduction.factor(of: [shape[0] / drawCount]) }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let gradient = ImportanceBoundGradient(bound: self)
    return try graph.add(
      .importanceBoundGradient(gradient), [call.inputs[0], call.outputGradients[0]!])
  }
}

/// `dw[n, k] = −factor · e^(w[n, k]) / Σ e^(w[n, j]) · ds`: each draw by its normalised weight.
/// - `logWeights`: `[N · drawCount]`; `ds`: `[]`. Result: `[N · drawCount]`.
package struct ImportanceBoundGradient: Operation {
  package let bound: ImportanceBound

  package init(bound: ImportanceBound) { self.bound = bound }

  package var name: String {
    "importanceBoundGradient(\(bound.drawCount), \(bound.reduction.rawValue))"
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank == 1, inputs[1].shape == [],
      inputs[0].shape[0] % bound.drawCount == 0
    else {
      throw mismatch("log-weights [\(bound.drawCount) N] and a scalar", inputs)
    }
    return [inputs[0]]
  }
}
