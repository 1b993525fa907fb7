import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func loss(_ error: ReconstructionError, _ scale: LossScale, _ node: Node) -> Double {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let mask = mask(scale, node)
    let sum = x.indices.reduce(0.0) { sum, index in
      mask?[index] == 0 ? sum : sum + error.value(x[index], target[index])
    }
    return scale.factor(of: plan.graph.shape(node.inputs[0])) * sum
  }

  func lossGradient(
    _ error: ReconstructionError, _ scale: LossScale, _ node: Node
  ) -> [Double] {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let mask = mask(scale, node)
    let factor =
      scale.factor(of: plan.graph.shape(node.inputs[0])) * value(node.inputs.last!)[0]
    return x.indices.map { index in
      mask?[index] == 0 ? 0 : factor * error.derivative(x[index], target[index])
    }
  }

  func exampleLoss(_ op: ExampleLoss, _ node: Node) -> [Double] {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let mask = op.isMasked ? value(node.inputs[2]) : nil
    let columns = target.count / max(plan.graph.shape(node.inputs[1])[0], 1)
    return (0..<plan.graph.shape(node.outputs[0])[0]).map { row in
      op.factor
        * (0..<columns).reduce(0.0) { sum, column in
          let at = row / op.drawCount * columns + column
          return mask?[at] == 0
            ? sum : sum + op.error.value(x[row * columns + column], target[at])
        }
    }
  }

  func exampleLossGradient(_ op: ExampleLossGradient, _ node: Node) -> [Double] {
    let (x, target) = (value(node.inputs[0]), value(node.inputs[1]))
    let mask = op.loss.isMasked ? value(node.inputs[2]) : nil
    let dLoss = value(node.inputs.last!)
    let columns = target.count / max(plan.graph.shape(node.inputs[1])[0], 1)
    return x.indices.map { index in
      let (row, column) = (index / columns, index % columns)
      let at = row / op.loss.drawCount * columns + column
      guard mask?[at] != 0 else { return 0 }
      return op.loss.factor * dLoss[row] * op.loss.error.derivative(x[index], target[at])
    }
  }

  private func mask(_ scale: LossScale, _ node: Node) -> [Double]? {
    scale.isMasked ? value(node.inputs[2]) : nil
  }
}

extension ReconstructionError {
  /// The error of `x` for `target`.
  fileprivate func value(_ x: Double, _ target: Double) -> Double {
    switch self {
    case .squaredError: (x - target) * (x - target)
    case .binaryCrossEntropy:
      -target * max(log(x), -100) - (1 - target) * max(log1p(-x), -100)
    case .binaryCrossEntropyWithLogits: max(x, 0) - x * target + log1p(exp(-abs(x)))
    }
  }

  /// Its derivative with respect to `x`.
  fileprivate func derivative(_ x: Double, _ target: Double) -> Double {
    switch self {
    case .squaredError: 2 * (x - target)
    case .binaryCrossEntropy: (x - target) / max(x * (1 - x), 1e-12)
    case .binaryCrossEntropyWithLogits: 1 / (1 + exp(-x)) - target
    }
  }
}
