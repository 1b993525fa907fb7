import Foundation
import Graphs

extension Activation {
  /// `f(x)`
  func value(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .relu: max(x, 0)
    case .elu: x > 0 ? x : expm1(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    }
  }

  /// `f′(x)`, from `y = f(x)`.
  func derivative(result y: Double) -> Double {
    switch self {
    case .identity: 1
    case .relu: y > 0 ? 1 : 0
    case .elu: y > 0 ? 1 : y + 1
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    case .softplus: -expm1(-y)
    }
  }
}
