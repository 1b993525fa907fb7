import Foundation
import Graphs

extension Activation {
  /// `f(x)`
  package func value(_ x: Double) -> Double {
    switch self {
    case .identity: x
    // NaN stays NaN.
    case .relu: x < 0 ? 0 : x
    case .leakyRelu: x > 0 ? x : Self.leakySlope * x
    case .elu: x > 0 ? x : expm1(x)
    case .selu: Self.seluScale * (x > 0 ? x : Self.seluAlpha * expm1(x))
    case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
    case .silu: x / (1 + exp(-x))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    }
  }

  /// `f′(x)`, from `v`: `f(x)` or `x`, see `derivativeFrom`.
  package func derivative(_ v: Double) -> Double {
    switch self {
    case .identity: return 1
    case .relu: return v > 0 ? 1 : 0
    case .leakyRelu: return v > 0 ? 1 : Self.leakySlope
    case .elu: return v > 0 ? 1 : v + 1
    case .selu: return v > 0 ? Self.seluScale : v + Self.seluScale * Self.seluAlpha
    case .gelu:
      let density = exp(-v * v / 2) / (2 * Double.pi).squareRoot()
      return erfc(-v / 2.0.squareRoot()) / 2 + v * density
    case .silu:
      let sigmoid = 1 / (1 + exp(-v))
      return sigmoid * (1 + v * (1 - sigmoid))
    case .sigmoid: return v * (1 - v)
    case .tanh: return 1 - v * v
    case .softplus: return -expm1(-v)
    }
  }
}
