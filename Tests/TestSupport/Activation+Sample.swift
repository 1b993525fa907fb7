import Foundation
import Graphs

extension Activation {
  /// `f(x)` by its textbook formula, written a second time so that no backend judges itself.
  package func sample(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .relu: x < 0 ? 0 : x
    case .leakyRelu: x < 0 ? x / 100 : x
    case .elu: x < 0 ? exp(x) - 1 : x
    case .selu: 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * (exp(x) - 1) : x)
    case .gelu: x / 2 * (1 + erf(x / sqrt(2)))
    case .silu: x / (1 + exp(-x))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: (exp(2 * x) - 1) / (exp(2 * x) + 1)
    case .softplus: log(1 + exp(x))
    }
  }
}
