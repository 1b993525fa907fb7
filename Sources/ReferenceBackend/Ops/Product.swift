import Graphs
import Plans

extension ReferenceExecutable {
  func product(_ op: Product, _ node: Node) -> [Double] {
    let shape = plan.graph.shape(node.outputs[0])
    let (rows, columns) = (shape[0], shape[1])
    let inner = plan.graph.shape(node.inputs[0])[op.transposeA ? 0 : 1]
    let (a, b) = (value(node.inputs[0]), value(node.inputs[1]))
    var c = [Double](repeating: 0, count: shape.count)
    for m in 0..<rows {
      for n in 0..<columns {
        var sum = 0.0
        for k in 0..<inner {
          sum +=
            a[op.transposeA ? k * rows + m : m * inner + k]
            * b[op.transposeB ? n * inner + k : k * columns + n]
        }
        c[m * columns + n] = sum
      }
    }
    return finish(c, op, node)
  }
}
