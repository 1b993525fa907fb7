import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func importanceSample(_ op: ImportanceSample, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (mean, logVariance, epsilon) = (inputs[0], inputs[1], inputs[2])
    let columns = plan.graph.shape(node.inputs[0])[1]
    var ratio = [Double](repeating: 0, count: plan.graph.shape(node.outputs[1])[0])
    let z = epsilon.indices.map { index in
      let (row, unit) = (index / columns, index % columns)
      let at = row / op.drawCount * columns + unit
      let z = mean[at] + epsilon[index] * exp(logVariance[at] / 2)
      ratio[row] += (epsilon[index] * epsilon[index] + logVariance[at] - z * z) / 2
      return z
    }
    set(node.outputs[0], z)
    set(node.outputs[1], ratio)
  }

  func importanceSampleGradient(_ op: ImportanceSampleGradient, _ node: Node) {
    let inputs = node.inputs.map(value)
    let (dz, dRatio, logVariance, epsilon, z) = (
      inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]
    )
    let columns = plan.graph.shape(node.inputs[2])[1]
    var dMean = [Double](repeating: 0, count: logVariance.count)
    var dLogVariance = dMean
    for index in dz.indices {
      let (row, unit) = (index / columns, index % columns)
      let at = row / op.drawCount * columns + unit
      let dSample = dz[index] - dRatio[row] * z[index]
      dMean[at] += dSample
      dLogVariance[at] += (dSample * epsilon[index] * exp(logVariance[at] / 2) + dRatio[row]) / 2
    }
    set(node.outputs[0], dMean)
    set(node.outputs[1], dLogVariance)
  }

  func importanceBound(_ op: ImportanceBound, _ node: Node) -> Double {
    let sum = logSums(node.inputs[0], op.drawCount).reduce(0) {
      $0 + $1 - log(Double(op.drawCount))
    }
    return -op.factor(of: plan.graph.shape(node.inputs[0])) * sum
  }

  func importanceBoundGradient(_ op: ImportanceBoundGradient, _ node: Node) -> [Double] {
    let (weights, ds) = (value(node.inputs[0]), value(node.inputs[1])[0])
    let sums = logSums(node.inputs[0], op.bound.drawCount)
    let factor = -op.bound.factor(of: plan.graph.shape(node.inputs[0])) * ds
    return weights.indices.map { factor * exp(weights[$0] - sums[$0 / op.bound.drawCount]) }
  }

  /// `log Σ e^w` of each example's draws.
  private func logSums(_ id: TensorID, _ drawCount: Int) -> [Double] {
    let weights = value(id)
    return stride(from: 0, to: weights.count, by: drawCount).map { first in
      let own = weights[first..<first + drawCount]
      let largest = own.max()!
      return largest + log(own.reduce(0) { $0 + exp($1 - largest) })
    }
  }
}
