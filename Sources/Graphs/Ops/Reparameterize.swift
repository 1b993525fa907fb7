/// A sample of the approximate posterior, and its divergence from `N(0, I)` (Kingma and Welling
/// 2013, equations 4 and 10).
///
/// `z = μ + ε · e^(s/2)` and `kl = factor · Σ −½ (1 + s − μ² − eˢ)`, with `s` the log-variance.
/// - `mean`, `logVariance`, `epsilon`: `[N, L]`. Results: `z` `[N, L]`, `kl` `[]`.
/// - Gradient: by `ReparameterizeGradient`; `epsilon` receives none.
package struct Reparameterize: DifferentiableOperation {
  package let reduction: Reduction

  package init(_ reduction: Reduction) { self.reduction = reduction }
  package var name: String { "reparameterize(\(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, Set(inputs).count == 1, inputs[0].shape.rank == 2 else {
      throw mismatch("mean, logVariance and epsilon of one shape [N, L]", inputs)
    }
    return [inputs[0], TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard !call.wanted[2] else { throw .notDifferentiable(op: "\(name) by epsilon") }
    let dz =
      call.outputGradients[0] ?? graph.add(.constant(0), TensorType(graph.shape(call.outputs[0])))
    let dKL = call.outputGradients[1] ?? graph.add(.constant(0), TensorType([]))
    let gradient = Op.reparameterizeGradient(ReparameterizeGradient(reduction))
    let found = try graph.add(gradient, [dz] + call.inputs + [dKL])
    return [call.wanted[0] ? found[0] : nil, call.wanted[1] ? found[1] : nil, nil]
  }
}

/// `dμ = dz + factor · μ · dKL` and `ds = ½ dz · ε · e^(s/2) + ½ factor · (eˢ − 1) · dKL`.
/// - `dz`, `mean`, `logVariance`, `epsilon`: `[N, L]`; `dKL`: `[]`. Results: `[N, L]` twice.
package struct ReparameterizeGradient: Operation {
  package let reduction: Reduction

  package init(_ reduction: Reduction) { self.reduction = reduction }
  package var name: String { "reparameterizeGradient(\(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, Set(inputs[0..<4]).count == 1, inputs[4].shape == [] else {
      throw mismatch("dz, mean, logVariance and epsilon of one shape, and a scalar", inputs)
    }
    return [inputs[0], inputs[0]]
  }
}
