import Graphs

extension Plan {
  /// The steps' matrix products and convolutions alone, with the same shapes at the same places, in
  /// the same order, and without what rides on them: the part of the plan that a device's fastest
  /// code is for. Its operands hold whatever lies there.
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
