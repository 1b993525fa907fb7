import Graphs
import Plans

extension ReferenceExecutable {
  func gather(_ op: Gather, _ node: Node) -> [Double] {
    let feed = store.feeds[op.feed]!
    let examples = store.layout.feeds[op.feed]!.examples.shape
    let size = plan.graph.shape(node.outputs[0]).count / op.batchSize
    let rowSize = examples.count / max(examples[0], 1)
    let (shift, factor) = operands(of: op.normalization, in: node, from: 2)
    return (0..<op.batchSize).flatMap { n in
      let row = Int(feed.order[feed.row * op.stride + op.start + n])
      return (0..<size).map { (f: Int) -> Double in
        let x = feed.examples[row * rowSize + f]
        if op.part == .presence { return x.isNaN ? 0 : 1 }
        if op.part == .filled, x.isNaN { return 0 }
        return (op.scale * x - (shift?[f] ?? 0)) * (factor?[f] ?? 1)
      }
    }
  }

  func denormalize(_ op: Denormalize, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    let size = x.count / max(plan.graph.shape(node.inputs[0])[0], 1)
    let (shift, factor) = operands(of: op.normalization, in: node, from: 1)
    return x.indices.map { x[$0] / (factor?[$0 % size] ?? 1) + (shift?[$0 % size] ?? 0) }
  }

  private func operands(
    of normalization: Normalization, in node: Node, from index: Int
  ) -> (shift: [Double]?, factor: [Double]?) {
    (
      normalization.shift ? value(node.inputs[index]) : nil,
      normalization.factor ? value(node.inputs[index + (normalization.shift ? 1 : 0)]) : nil
    )
  }
}
