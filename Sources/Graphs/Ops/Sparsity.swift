/// The KL divergence of a code's mean activations from the target `ρ`, as of Bernoulli
/// distributions: `s = Σ ρ log(ρ/ρ̂[l]) + (1 − ρ) log((1 − ρ)/(1 − ρ̂[l]))` (Ng, *Sparse
/// autoencoder*, 2011).
///
/// `ρ̂[l]` is the unit's mean over the `M` rows, clamped to `[1e-7, 1 − 1e-7]`.
/// - `code`: `[…, L]`, values of a sigmoid. Results: `s` `[]`, and `ρ̂` `[L]`, which the gradient
///   reads.
/// - Gradient of `s`: by `SparsityGradient`.
package struct Sparsity: DifferentiableOperation {
  /// `ρ`, between 0 and 1.
  package let target: Double

  package static let margin = 1e-7

  package init(target: Double) {
    precondition(0 < target && target < 1, "the target must be between 0 and 1")
    self.target = target
  }

  package var name: String { "sparsity(\(target))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank >= 2 else {
      throw mismatch("a code […, L]", inputs)
    }
    return [TensorType([]), TensorType([inputs[0].shape.columns])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let ds = call.outputGradients[0], call.outputGradients[1] == nil else {
      throw .notDifferentiable(op: "\(name)'s means")
    }
    let gradient = SparsityGradient(target: target, shape: graph.shape(call.inputs[0]))
    return try graph.add(.sparsityGradient(gradient), [call.outputs[1], ds])
  }
}

/// `dcode[…, l] = ((1 − ρ)/(1 − ρ̂[l]) − ρ/ρ̂[l]) / M · ds`, the same in every row.
/// - `ρ̂`: `[L]`; `ds`: `[]`. Result: `shape`, `[…, L]`.
package struct SparsityGradient: Operation {
  package let target: Double
  package let shape: Shape

  package init(target: Double, shape: Shape) {
    self.target = target
    self.shape = shape
  }

  package var name: String { "sparsityGradient(\(target))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape == [shape.columns], inputs[1].shape == [] else {
      throw mismatch("means [\(shape.columns)] and a scalar", inputs)
    }
    return [TensorType(shape)]
  }
}
