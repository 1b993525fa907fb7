import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func loss(_ error: ReconstructionError, _ reduction: Reduction, _ node: Node) -> Double {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let sum = zip(x, target).reduce(0) { $0 + error.value($1.0, $1.1) }
    return reduction.factor(of: plan.graph.shape(node.inputs[0])) * sum
  }

  func lossGradient(
    _ error: ReconstructionError, _ reduction: Reduction, _ node: Node
  ) -> [Double] {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let factor =
      reduction.factor(of: plan.graph.shape(node.inputs[0])) * value(node.inputs[2])[0]
    return zip(x, target).map { factor * error.derivative($0, $1) }
  }
}

extension ReconstructionError {
  /// The error of `x` where `target` was wanted.
  fileprivate func value(_ x: Double, _ target: Double) -> Double {
    switch self {
    case .squaredError: (x - target) * (x - target)
    case .binaryCrossEntropy:
      -target * max(log(x), -100) - (1 - target) * max(log1p(-x), -100)
    case .binaryCrossEntropyWithLogits: max(x, 0) - x * target + log1p(exp(-abs(x)))
    }
  }

  /// Its derivative by `x`.
  fileprivate func derivative(_ x: Double, _ target: Double) -> Double {
    switch self {
    case .squaredError: 2 * (x - target)
    case .binaryCrossEntropy: (x - target) / max(x * (1 - x), 1e-12)
    case .binaryCrossEntropyWithLogits: 1 / (1 + exp(-x)) - target
    }
  }
}
