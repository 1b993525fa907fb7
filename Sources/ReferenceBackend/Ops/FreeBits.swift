import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func freeBits(_ op: FreeBits, _ node: Node) {
    let (mean, logVariance) = (value(node.inputs[0]), value(node.inputs[1]))
    let shape = plan.graph.shape(node.inputs[0])
    var means = [Double](repeating: 0, count: shape[1])
    for index in mean.indices {
      let (m, s) = (mean[index], logVariance[index])
      means[index % means.count] += (m * m + expm1(s) - s) / 2 / Double(shape[0])
    }
    let factor = op.reduction.factor(of: shape) * Double(shape[0])
    set(node.outputs[0], [factor * means.reduce(0) { $0 + max(op.floor, $1) }])
    set(node.outputs[1], means)
  }

  func freeBitsGradient(_ op: FreeBitsGradient, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (mean, logVariance, means) = (inputs[0], inputs[1], inputs[2])
    let factor = op.reduction.factor(of: plan.graph.shape(node.inputs[0])) * inputs[3][0]
    let weights = mean.indices.map { means[$0 % means.count] > op.floor ? factor : 0 }
    set(node.outputs[0], mean.indices.map { weights[$0] * mean[$0] })
    set(node.outputs[1], mean.indices.map { weights[$0] * expm1(logVariance[$0]) / 2 })
  }
}
