import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func sparsity(_ op: Sparsity, _ node: Node) {
    let code = value(node.inputs[0])
    var means = [Double](repeating: 0, count: plan.graph.shape(node.outputs[1]).count)
    let rows = Double(code.count / means.count)
    for index in code.indices { means[index % means.count] += code[index] / rows }
    means = means.map { min(max($0, Sparsity.margin), 1 - Sparsity.margin) }
    let sum = means.reduce(0) { sum, mean in
      sum + op.target * log(op.target / mean)
        + (1 - op.target) * log((1 - op.target) / (1 - mean))
    }
    set(node.outputs[0], [sum])
    set(node.outputs[1], means)
  }

  func sparsityGradient(_ op: SparsityGradient, _ node: Node) -> [Double] {
    let (means, ds) = (value(node.inputs[0]), value(node.inputs[1])[0])
    return (0..<op.shape.count).map { index in
      let mean = means[index % means.count]
      return ((1 - op.target) / (1 - mean) - op.target / mean) / Double(op.shape.rows) * ds
    }
  }
}
