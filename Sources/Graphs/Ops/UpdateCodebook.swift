/// Lets each code follow the mean of the vectors that it was nearest to (van den Oord et al. 2017,
/// appendix A.1), and restarts codes that are hardly used.
///
/// With `n[k]` and `s[k]` the number and the sum of the rows of `x` whose index is `k`:
/// `N[k] ← γ N[k] + (1 − γ) n[k]` and `m[k] ← γ m[k] + (1 − γ) s[k]`; then, with `T = Σ N`,
/// - if `N[k] ≤ restart · T / K`, the code is dead: `e[k] ← x[r]`, `N[k] ← T / K` and
///   `m[k] ← N[k] e[k]`, with `r = ⌊M · w / 2³²⌋` and `w` the random word `k` of `stream` at the
///   training feed's step;
/// - else `e[k] ← m[k] / Ñ[k]`, with the count smoothed as Laplace does:
///   `Ñ[k] = T (N[k] + ε) / (T + K ε)`.
///
/// From counts and sums of 0 the first step makes rows of its batch of all codes that are not used.
/// It stands after the step's record, which has counted the step, and like `Update` does nothing
/// once a non-finite step was noted.
/// - `x`: `[M, D]`; `indices`: `[M]`; `codes` (`e`) `[K, D]`, `counts` (`N`) `[K]` and `sums` (`m`)
///   `[K, D]`: layer state, which it changes. No result.
package struct UpdateCodebook: Operation {
  /// `γ`
  package let decay: Double
  /// `ε`
  package let epsilon: Double
  /// The share of its fair share `T / K` up to which a code is dead; 0 restarts only those that
  /// were never used.
  package let restart: Double
  package let stream: UInt32

  package init(decay: Double, epsilon: Double, restart: Double, stream: UInt32) {
    self.decay = decay
    self.epsilon = epsilon
    self.restart = restart
    self.stream = stream
  }

  package var name: String { "updateCodebook(\(decay))" }
  package var isDifferentiable: Bool { false }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, inputs[0].shape.rank == 2, inputs[2].shape.rank == 2,
      inputs[0].shape[1] == inputs[2].shape[1], inputs[1].shape == [inputs[0].shape[0]],
      inputs[3].shape == [inputs[2].shape[0]], inputs[4] == inputs[2], inputs[0].shape[0] >= 1
    else {
      throw mismatch("x [M, D], indices [M], codes [K, D], counts [K] and sums [K, D]", inputs)
    }
    return []
  }

  /// An addition an element of `x`, and 5 an element of the codes.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    inputs[0].count.addingCapped(5 * inputs[2].count)
  }
}
