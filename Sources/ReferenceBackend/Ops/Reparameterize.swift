import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func reparameterize(_ op: Reparameterize, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (mean, logVariance, epsilon) = (inputs[0], inputs[1], inputs[2])
    let z = mean.indices.map { mean[$0] + epsilon[$0] * exp(logVariance[$0] / 2) }
    let divergence = zip(mean, logVariance).reduce(0) {
      $0 - (1 + $1.1 - $1.0 * $1.0 - exp($1.1)) / 2
    }
    set(node.outputs[0], z)
    set(node.outputs[1], [op.reduction.factor(of: plan.graph.shape(node.inputs[0])) * divergence])
  }

  func reparameterizeGradient(_ op: ReparameterizeGradient, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (dz, mean, logVariance, epsilon) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let factor = op.reduction.factor(of: plan.graph.shape(node.inputs[0])) * inputs[4][0]
    let dMean = mean.indices.map { dz[$0] + factor * mean[$0] }
    let dLogVariance = mean.indices.map {
      (dz[$0] * epsilon[$0] * exp(logVariance[$0] / 2) + factor * expm1(logVariance[$0])) / 2
    }
    set(node.outputs[0], dMean)
    set(node.outputs[1], dLogVariance)
  }
}
