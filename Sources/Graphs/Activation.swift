/// An elementwise function `y = f(x)`, and the operand of its derivative.
package enum Activation: String, Hashable, Sendable, CaseIterable {
  /// `x`
  case identity
  /// `max(x, 0)`
  case relu
  /// `x` where positive, `0.01 x` elsewhere (Maas et al. 2013, with their slope).
  case leakyRelu
  /// `x` where positive, `eˣ − 1` elsewhere (Clevert et al. 2015, α = 1).
  case elu
  /// `λx` where positive, `λα (eˣ − 1)` elsewhere, with λ = 1.0507009873554805 and
  /// α = 1.6732632423543772 (Klambauer et al. 2017, equation 2).
  case selu
  /// `x Φ(x) = x/2 (1 + erf(x/√2))` (Hendrycks and Gimpel 2016), not its approximation by tanh.
  case gelu
  /// `x / (1 + e⁻ˣ)`, also called swish.
  case silu
  /// `1 / (1 + e⁻ˣ)`
  case sigmoid
  /// `tanh x`
  case tanh
  /// `log(1 + eˣ)`
  case softplus

  /// Its index, which kernels (`activations.cl`) and loops (`CLoops.h`) use.
  package var number: Int { Self.allCases.firstIndex(of: self)! }

  package static let leakySlope = 0.01
  package static let seluScale = 1.0507009873554805
  package static let seluAlpha = 1.6732632423543772

  package enum DerivativeOperand: Hashable, Sendable {
    case input, result
  }

  /// Whether `f′` is computed from `y` or from `x`: a function that is not monotonic has no
  /// `f′(y)`.
  package var derivativeFrom: DerivativeOperand {
    switch self {
    case .gelu, .silu: .input
    case .identity, .relu, .leakyRelu, .elu, .selu, .sigmoid, .tanh, .softplus: .result
    }
  }
}
