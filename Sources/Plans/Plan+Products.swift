import Graphs

extension Plan {
  /// Only the matrix products and convolutions of the plan, with the same shapes, memory and order,
  /// and without fused operations: to measure the time of these alone. Their operands have
  /// arbitrary values.
  package var productsAlone: Plan {
    let products = steps.compactMap { step -> Node? in
      guard var op = step.op.withEpilogue else { return nil }
      op.epilogue = Epilogue()
      return Node(op: op.op, inputs: Array(step.inputs.prefix(2)), outputs: step.outputs)
    }
    return Plan(
      name: "\(name)-products", graph: graph.with(nodes: products), outputs: [],
      placements: placements, arenaCount: arenaCount)
  }
}
