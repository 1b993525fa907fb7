/// Several samples of the approximate posterior for each example, with the log-ratio of prior and
/// posterior density, which importance weights need (Burda et al. 2015, equation 8).
///
/// `z[r] = μ[n] + ε[r] · e^(s[n]/2)` and
/// `ratio[r] = log p(z[r]) − log q(z[r] | x[n]) = ½ Σ (ε[r]² + s[n] − z[r]²)`, with `n = r / drawCount`,
/// `s` the log-variance, `p` the density of `N(0, I)` and `q` that of `N(μ, eˢ)`.
/// - `mean`, `logVariance`: `[N, L]`; `epsilon`: `[N · drawCount, L]`. Results: `z`
///   `[N · drawCount, L]`, `ratio` `[N · drawCount]`, in nats.
/// - Gradient: by `ImportanceSampleGradient`; `epsilon` receives none.
package struct ImportanceSample: DifferentiableOperation {
  package let drawCount: Int

  package init(drawCount: Int) {
    precondition(drawCount >= 1, "at least one draw per example is needed")
    self.drawCount = drawCount
  }

  package var name: String { "importanceSample(\(drawCount))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, inputs[0].shape.rank == 2, inputs[0] == inputs[1],
      inputs[2].shape == [drawCount * inputs[0].shape[0], inputs[0].shape[1]]
    else {
      throw mismatch("mean and logVariance [N, L] and epsilon [\(drawCount) N, L]", inputs)
    }
    return [inputs[2], TensorType([inputs[2].shape[0]])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard !call.wanted[2] else { throw .notDifferentiable(op: "\(name) by epsilon") }
    let seeds = call.outputs.indices.map { index in
      call.outputGradients[index]
        ?? graph.add(.constant(0), TensorType(graph.shape(call.outputs[index])))
    }
    let gradient = ImportanceSampleGradient(drawCount: drawCount)
    let found = try graph.add(
      .importanceSampleGradient(gradient),
      seeds + [call.inputs[1], call.inputs[2], call.outputs[0]])
    return [call.wanted[0] ? found[0] : nil, call.wanted[1] ? found[1] : nil, nil]
  }
}

/// With `g[r] = dz[r] − dRatio[r] · z[r]`, the gradient of a code by its value and by its prior
/// density: `dμ[n] = Σ g[r]` and `ds[n] = ½ Σ (g[r] · ε[r] · e^(s[n]/2) + dRatio[r])`, sums over
/// the draws of example `n`.
/// - `dz`, `epsilon`, `z`: `[N · drawCount, L]`; `dRatio`: `[N · drawCount]`; `logVariance`:
///   `[N, L]`; in the order `dz`, `dRatio`, `logVariance`, `epsilon`, `z`. Results: `[N, L]` twice.
package struct ImportanceSampleGradient: Operation {
  package let drawCount: Int

  package init(drawCount: Int) { self.drawCount = drawCount }

  package var name: String { "importanceSampleGradient(\(drawCount))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, inputs[2].shape.rank == 2,
      inputs[0].shape == [drawCount * inputs[2].shape[0], inputs[2].shape[1]],
      inputs[1].shape == [inputs[0].shape[0]], inputs[3] == inputs[0], inputs[4] == inputs[0]
    else {
      throw mismatch(
        "dz [\(drawCount) N, L], dRatio [\(drawCount) N], logVariance [N, L], epsilon and z",
        inputs)
    }
    return [inputs[2], inputs[2]]
  }
}
