import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func gru(_ node: Node) {
    let inputs = node.inputs.map(value)
    let (a, u, d) = (inputs[0], inputs[1], inputs[2])
    let shape = plan.graph.shape(node.outputs[0])
    let units = shape[2]
    var h = [Double](repeating: 0, count: shape.count)
    var (q, gates) = (h, [Double](repeating: 0, count: a.count))
    for n in 0..<shape[0] {
      for t in 0..<shape[1] {
        let step = n * shape[1] + t
        let before = t == 0 ? nil : step - 1
        let sums = zip(recurrentSums(h, before, u, units), d).map { $0 + $1 }
        for j in 0..<units {
          let at = (0..<3).map { step * 3 * units + $0 * units + j }
          let r = sigmoid(a[at[0]] + sums[j])
          let z = sigmoid(a[at[1]] + sums[units + j])
          let new = tanh(a[at[2]] + r * sums[2 * units + j])
          (gates[at[0]], gates[at[1]], gates[at[2]]) = (r, z, new)
          q[step * units + j] = sums[2 * units + j]
          h[step * units + j] = (1 - z) * new + (before.map { z * h[$0 * units + j] } ?? 0)
        }
      }
    }
    for (output, values) in zip(node.outputs, [h, gates, q]) { set(output, values) }
  }

  func gruGradient(_ node: Node) {
    let inputs = node.inputs.map(value)
    let (dh, h, gates, q, u) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4])
    let shape = plan.graph.shape(node.inputs[0])
    let units = shape[2]
    var da = [Double](repeating: 0, count: gates.count)
    var dq = da
    for n in 0..<shape[0] {
      var carried = [Double](repeating: 0, count: units)
      for t in (0..<shape[1]).reversed() {
        let step = n * shape[1] + t
        var direct = carried
        for j in 0..<units {
          let at = (0..<3).map { step * 3 * units + $0 * units + j }
          let (r, z, new) = (gates[at[0]], gates[at[1]], gates[at[2]])
          let before = t == 0 ? 0 : h[(step - 1) * units + j]
          let d = dh[step * units + j] + carried[j]
          let dn = d * (1 - z) * (1 - new * new)
          da[at[0]] = dn * q[step * units + j] * r * (1 - r)
          da[at[1]] = d * (before - new) * z * (1 - z)
          da[at[2]] = dn
          (dq[at[0]], dq[at[1]], dq[at[2]]) = (da[at[0]], da[at[1]], dn * r)
          direct[j] = d * z
        }
        carried = zip(carriedBack(dq, step, u, units), direct).map { $0 + $1 }
      }
    }
    set(node.outputs[0], da)
    set(node.outputs[1], dq)
  }
}
