import Graphs

/// What is wrong with a graph that a pass made of another.
package enum GraphFault: Hashable, Sendable, CustomStringConvertible {
  /// A node reads a tensor that the graph does not have, or no earlier node computes.
  case notComputed(TensorID, by: String)
  /// Two nodes compute one tensor.
  case computedTwice(TensorID, by: String)
  /// A node writes what is no value: a parameter, an input, a constant, examples.
  case written(TensorID, role: Role, by: String)
  /// A node's operands are not what its op takes.
  case operands(GraphError)
  /// A node computes tensors of other types than its op makes of the operands.
  case results(op: String, expected: [TensorType], received: [TensorType])
  /// A tensor that must be there at the end is not computed.
  case lost(TensorID)
  /// A pass changed a tensor of the graph that it was given.
  case changed(TensorID)
  /// Steps that change what outlives the plan are others than before, or in another order.
  case effects(expected: [String], received: [String])

  package var description: String {
    switch self {
    case .notComputed(let id, let op): "\(op) reads \(id), which nothing before it computes"
    case .computedTwice(let id, let op): "\(op) computes \(id) a second time"
    case .written(let id, let role, let op): "\(op) writes \(id), which is \(role)"
    case .operands(let error): "\(error)"
    case .results(let op, let expected, let received):
      "\(op) computes \(expected), and its results are \(received)"
    case .lost(let id): "\(id) is wanted, and nothing computes it"
    case .changed(let id): "\(id) is another tensor than before"
    case .effects(let expected, let received):
      "steps with effects were \(expected) and are \(received)"
    }
  }
}

extension Graph {
  /// Applies a pass, and makes sure that what it returns is a graph of the same meaning as far as
  /// that can be told from its form: a fault in a pass ends the program here, and does not train a
  /// wrong network.
  func rewritten(
    by pass: String, keeping outputs: Set<TensorID>, _ rewrite: (Graph) -> Graph
  ) -> Graph {
    let result = rewrite(self)
    if let fault = result.fault(after: self, keeping: outputs) {
      preconditionFailure("\(pass): \(fault)")
    }
    return result
  }

  /// The first thing that is wrong with this graph as what a pass made of `original`: shapes and
  /// types, a single definition of each value before it is read, roles, tensors that were there
  /// before, outputs, and the order of what has effects.
  package func fault(after original: Graph, keeping outputs: Set<TensorID>) -> GraphFault? {
    if let changed = zip(original.tensors, tensors).first(where: { $0 != $1 })?.0
      ?? original.tensors.dropFirst(tensors.count).first
    {
      return .changed(changed.id)
    }
    if let fault = fault(keeping: outputs) { return fault }
    let (expected, received) = (original.effects, effects)
    return expected == received ? nil : .effects(expected: expected, received: received)
  }

  /// The first thing that is wrong with this graph by itself.
  package func fault(keeping outputs: Set<TensorID>) -> GraphFault? {
    var computed: Set<TensorID> = []
    func isThere(_ id: TensorID) -> Bool {
      tensors.indices.contains(id.index) && (self[id].role != .value || computed.contains(id))
    }
    for node in nodes {
      let operation = node.op.operation
      if let input = node.inputs.first(where: { !isThere($0) }) {
        return .notComputed(input, by: operation.name)
      }
      for output in node.outputs {
        guard tensors.indices.contains(output.index) else { return .lost(output) }
        let role = self[output].role
        guard role == .value else { return .written(output, role: role, by: operation.name) }
        guard computed.insert(output).inserted else {
          return .computedTwice(output, by: operation.name)
        }
      }
      do {
        let expected = try operation.outputTypes(of: node.inputs.map { self[$0].type })
        let received = node.outputs.map { self[$0].type }
        guard expected == received else {
          return .results(op: operation.name, expected: expected, received: received)
        }
      } catch {
        return .operands(error)
      }
    }
    return outputs.sorted().first { !isThere($0) }.map(GraphFault.lost)
  }

  /// The steps that change what outlives the plan, in order.
  private var effects: [String] {
    nodes.compactMap { node in
      switch node.op {
      case .record, .update, .updateStatistics, .updateCodebook: node.op.operation.name
      default: nil
      }
    }
  }
}
