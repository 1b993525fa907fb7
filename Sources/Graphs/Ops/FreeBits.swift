/// The divergence of the approximate posterior from `N(0, I)` with free bits: a unit whose mean
/// over the batch is below `λ` counts as `λ` (Kingma et al. 2016, with one group per unit).
///
/// `kl = factor · N · Σ max(λ, m[l])` with `m[l] = 1/N Σ ½ (μ² + eˢ − 1 − s)`, `s` the log-variance.
/// - `mean`, `logVariance`: `[N, L]`. Results: `kl` `[]`, and `m` `[L]`, which the gradient reads.
/// - Gradient of `kl`: by `FreeBitsGradient`.
package struct FreeBits: DifferentiableOperation {
  /// `λ`, in nats per unit.
  package let floor: Double
  package let reduction: Reduction

  package init(floor: Double, _ reduction: Reduction) {
    precondition(floor >= 0, "free bits must not be negative")
    self.floor = floor
    self.reduction = reduction
  }

  package var name: String { "freeBits(\(floor), \(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].shape.rank == 2 else {
      throw mismatch("mean and logVariance of one shape [N, L]", inputs)
    }
    return [TensorType([]), TensorType([inputs[0].shape[1]])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dKL = call.outputGradients[0], call.outputGradients[1] == nil else {
      throw .notDifferentiable(op: "\(name)'s means")
    }
    let gradient = FreeBitsGradient(floor: floor, reduction)
    let found = try graph.add(
      .freeBitsGradient(gradient), call.inputs + [call.outputs[1], dKL])
    return [call.wanted[0] ? found[0] : nil, call.wanted[1] ? found[1] : nil]
  }
}

/// `dμ = factor · μ · dKL` and `ds = ½ factor · (eˢ − 1) · dKL` where `m[l] > λ`, 0 elsewhere.
/// - `mean`, `logVariance`: `[N, L]`; `m`: `[L]`; `dKL`: `[]`. Results: `[N, L]` twice.
package struct FreeBitsGradient: Operation {
  package let floor: Double
  package let reduction: Reduction

  package init(floor: Double, _ reduction: Reduction) {
    self.floor = floor
    self.reduction = reduction
  }

  package var name: String { "freeBitsGradient(\(floor), \(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 4, inputs[0] == inputs[1], inputs[0].shape.rank == 2,
      inputs[2].shape == [inputs[0].shape[1]], inputs[3].shape == []
    else {
      throw mismatch("mean and logVariance of one shape [N, L], means [L] and a scalar", inputs)
    }
    return [inputs[0], inputs[0]]
  }
}
