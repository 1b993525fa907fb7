import Graphs
import Plans

extension ReferenceExecutable {
  /// The exchanged values are rounded to float32.
  func allReduce(_ op: AllReduce, _ node: Node) {
    guard let exchange = store.exchange else { preconditionFailure("there are no other ranks") }
    let layout = ExchangeLayout(op, node, plan)
    var values = [Float](repeating: 0, count: layout.count)
    for operand in layout.operands {
      values.replaceSubrange(
        operand.own, with: value(operand.operand).map { operand.factor * Float($0) })
    }
    let gradients = layout.gradientOffset..<layout.count
    values.replaceSubrange(gradients, with: store.gradients[layout.gradients].map { Float($0) })
    values.withUnsafeMutableBufferPointer { exchange.sum($0) }
    for operand in layout.operands {
      set(operand.result, values[operand.all].map(Double.init))
    }
    store.gradients.replaceSubrange(layout.gradients, with: values[gradients].map(Double.init))
  }
}
