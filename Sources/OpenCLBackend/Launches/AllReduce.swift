import Graphs
import Plans

/// An exchange with the other ranks through the host, as a value.
struct LaunchedExchange: Hashable, Sendable {
  let layout: ExchangeLayout
  /// The operands of the layout, and the results that replace each.
  let operands: [Place]
  let results: [Place]
}

extension LaunchList {
  mutating func allReduce(_ op: AllReduce, _ node: Node) {
    let layout = ExchangeLayout(op, node, plan)
    append(
      .exchange(
        LaunchedExchange(
          layout: layout, operands: layout.operands.map { place($0.operand) },
          results: layout.operands.map { place($0.result) })))
  }
}
