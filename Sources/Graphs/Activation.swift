/// An elementwise function `y = f(x)` whose derivative is read off its own result.
package enum Activation: String, Hashable, Sendable, CaseIterable {
  /// `x`
  case identity
  /// `max(x, 0)`
  case relu
  /// `x` where positive, `eˣ − 1` elsewhere (Clevert et al. 2015, α = 1).
  case elu
  /// `1 / (1 + e⁻ˣ)`
  case sigmoid
  /// `tanh x`
  case tanh
  /// `log(1 + eˣ)`
  case softplus
}
