/// Samples of the approximate posterior, several for each example, and how much more likely each is
/// under the prior: what importance weights are made of (Burda et al. 2015, equation 8).
///
/// `z[r] = μ[n] + ε[r] · e^(s[n]/2)` and
/// `ratio[r] = log p(z[r]) − log q(z[r] | x[n]) = ½ Σ (ε[r]² + s[n] − z[r]²)`, with `n = r / drawCount`,
/// `s` the log-variance, `p` the density of `N(0, I)` and `q` that of `N(μ, eˢ)`.
/// - `mean`, `logVariance`: `[N, L]`; `epsilon`: `[N · drawCount, L]`. Results: `z`
///   `[N · drawCount, L]`, `ratio` `[N · drawCount]`, in nats.
/// - It judges what is trained otherwise: it has no gradient.
package struct ImportanceSample: Operation {
  package let drawCount: Int

  package init(drawCount: Int) {
    precondition(drawCount >= 1, "an example is drawn at least once")
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
}
