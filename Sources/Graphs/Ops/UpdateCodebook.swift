/// Moves each codebook vector towards the mean of the vectors assigned to it (van den Oord et al.
/// 2017, appendix A.1), and resets vectors that are hardly used.
///
/// With `n[k]` and `s[k]` the number and the sum of the rows of `x` whose index is `k`:
/// `N[k] ← γ N[k] + (1 − γ) n[k]` and `m[k] ← γ m[k] + (1 − γ) s[k]`; then, with `T = Σ N`,
/// - if `N[k] ≤ restart · T / K`, the code is dead: `e[k] ← x[r]`, `N[k] ← T / K` and
///   `m[k] ← N[k] e[k]`, with `r = ⌊M · w / 2³²⌋` and `w` the random word `k` of `stream` at the
///   training feed's step;
/// - else `e[k] ← m[k] / Ñ[k]`, with Laplace-smoothed counts:
///   `Ñ[k] = T (N[k] + ε) / (T + K ε)`.
///
/// Starting from counts and sums of 0, the first step sets all unused codebook vectors to rows of
/// its batch. It comes after the step's record, which has incremented the step, and like `Update`
/// does nothing after a non-finite step.
/// - `x`: `[M, D]`; `indices`: `[M]`; `codes` (`e`) `[K, D]`, `counts` (`N`) `[K]` and `sums` (`m`)
///   `[K, D]`: layer state, which it changes. No result.
package struct UpdateCodebook: Operation {
  /// `γ`
  package let decay: Double
  /// `ε`
  package let epsilon: Double
  /// A codebook vector whose count is at most this fraction of the average, `T / K`, is dead; 0
  /// resets only those that were never used.
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

  /// One addition per element of `x`, and 5 per element of the codebook.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    inputs[0].count.addingCapped(5 * inputs[2].count)
  }
}
