import Foundation
import Graphs
import Plans

extension ReferenceExecutable {
  func lstm(_ node: Node) {
    let (a, u) = (value(node.inputs[0]), value(node.inputs[1]))
    let shape = plan.graph.shape(node.outputs[0])
    let units = shape[2]
    var h = [Double](repeating: 0, count: shape.count)
    var (c, gates) = (h, [Double](repeating: 0, count: a.count))
    for n in 0..<shape[0] {
      for t in 0..<shape[1] {
        let step = n * shape[1] + t
        let before = t == 0 ? nil : step - 1
        let sums = recurrentSums(h, before, u, units)
        for j in 0..<units {
          func sum(_ gate: Int) -> Double {
            a[step * 4 * units + gate * units + j] + sums[gate * units + j]
          }
          let (i, f, g, o) = (sigmoid(sum(0)), sigmoid(sum(1)), tanh(sum(2)), sigmoid(sum(3)))
          for (gate, value) in [i, f, g, o].enumerated() {
            gates[step * 4 * units + gate * units + j] = value
          }
          c[step * units + j] = i * g + (before.map { f * c[$0 * units + j] } ?? 0)
          h[step * units + j] = o * tanh(c[step * units + j])
        }
      }
    }
    for (output, values) in zip(node.outputs, [h, gates, c]) { set(output, values) }
  }

  func lstmGradient(_ node: Node) {
    let inputs = node.inputs.map(value)
    let (dh, gates, c, u) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let shape = plan.graph.shape(node.inputs[0])
    let units = shape[2]
    var da = [Double](repeating: 0, count: gates.count)
    for n in 0..<shape[0] {
      var carried = [Double](repeating: 0, count: units)
      var carriedCell = carried
      for t in (0..<shape[1]).reversed() {
        let step = n * shape[1] + t
        for j in 0..<units {
          let at = (0..<4).map { step * 4 * units + $0 * units + j }
          let (i, f, g, o) = (gates[at[0]], gates[at[1]], gates[at[2]], gates[at[3]])
          let before = t == 0 ? 0 : c[(step - 1) * units + j]
          let bent = tanh(c[step * units + j])
          let d = dh[step * units + j] + carried[j]
          let dc = carriedCell[j] + d * o * (1 - bent * bent)
          da[at[0]] = dc * g * i * (1 - i)
          da[at[1]] = dc * before * f * (1 - f)
          da[at[2]] = dc * i * (1 - g * g)
          da[at[3]] = d * bent * o * (1 - o)
          carriedCell[j] = dc * f
        }
        carried = carriedBack(da, step, u, units)
      }
    }
    set(node.outputs[0], da)
  }
}
