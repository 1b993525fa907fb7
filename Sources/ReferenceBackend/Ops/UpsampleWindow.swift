import Graphs
import Plans

extension ReferenceExecutable {
  func upsampleWindow(_ op: UpsampleWindow, _ node: Node) -> [Double] {
    let w = value(node.inputs[0])
    let (from, to) = (plan.graph.shape(node.inputs[0]), plan.graph.shape(node.outputs[0]))
    let (size, rows, columns) = (from[0], from[2], from[3])
    let last = min(size, to[0]) - 1
    var v = [Double](repeating: 0, count: to.count)
    for m in 0..<to[0] {
      for n in 0..<to[0] {
        for h in (last - m)..<(last - m + op.factor) where 0..<size ~= h {
          for l in (last - n)..<(last - n + op.factor) where 0..<size ~= l {
            for a in 0..<rows {
              for b in 0..<columns {
                v[((m * to[0] + n) * columns + b) * rows + a] +=
                  w[((h * size + l) * rows + a) * columns + b]
              }
            }
          }
        }
      }
    }
    return v
  }
}
