import Graphs
import Plans

/// Sums over all ranks.
struct AllReduceInstruction: Instruction {
  let layout: ExchangeLayout
  let exchange: any Exchange
  /// The operands, and the results in place of each.
  let operands, results: [UnsafeMutablePointer<Float>]
  let gradients: UnsafeMutablePointer<Float>
  let staging: CPUMemory

  init(_ op: AllReduce, _ node: Node, _ operands: Operands) throws(CPUError) {
    guard let exchange = operands.store.exchange else {
      preconditionFailure("there are no other ranks")
    }
    self.exchange = exchange
    layout = ExchangeLayout(op, node, operands.plan)
    self.operands = layout.operands.map { operands.floats($0.operand) }
    results = layout.operands.map { operands.floats($0.result) }
    gradients = operands.store.gradients.floats + layout.gradients.lowerBound
    staging = try CPUMemory(byteCount: 4 * layout.count, filler: 0, operands.store.memory)
  }

  func run() {
    let values = staging.floats
    for (place, x) in zip(layout.operands, operands) {
      // The other ranks' elements.
      (values + place.all.lowerBound).update(repeating: 0, count: place.all.count)
      let own = values + place.own.lowerBound
      for index in 0..<place.own.count { own[index] = place.factor * x[index] }
    }
    (values + layout.gradientOffset).update(from: gradients, count: layout.gradients.count)
    exchange.sum(UnsafeMutableBufferPointer(start: values, count: layout.count))
    for (place, y) in zip(layout.operands, results) {
      y.update(from: values + place.all.lowerBound, count: place.all.count)
    }
    gradients.update(from: values + layout.gradientOffset, count: layout.gradients.count)
  }
}
