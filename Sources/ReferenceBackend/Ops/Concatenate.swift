import Graphs
import Plans

extension ReferenceExecutable {
  func concatenate(_ node: Node) -> [Double] {
    let (a, b) = (value(node.inputs[0]), value(node.inputs[1]))
    let (first, second) = (plan.graph.shape(node.inputs[0]), plan.graph.shape(node.inputs[1]))
    let repeats = first.rows / second.rows
    var y: [Double] = []
    for row in 0..<first.rows {
      let other = row / repeats
      y += a[row * first.columns..<(row + 1) * first.columns]
      y += b[other * second.columns..<(other + 1) * second.columns]
    }
    return y
  }

  func columns(_ op: Columns, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    let shape = plan.graph.shape(node.inputs[0])
    return (0..<shape.rows).flatMap { row in op.range.map { x[row * shape.columns + $0] } }
  }

  func gatherLabels(_ op: GatherLabels) -> [Double] {
    let feed = store.feeds[op.feed]!
    return (0..<op.batchSize).flatMap { n in
      let label = Int(feed.labels[Int(feed.order[feed.row * op.stride + op.start + n])])
      return (0..<op.classes).map { $0 == label ? 1.0 : 0 }
    }
  }
}
