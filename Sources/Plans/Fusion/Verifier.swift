import Graphs

/// A fault in a graph that a pass returned.
package enum GraphFault: Hashable, Sendable, CustomStringConvertible {
  /// A node reads a tensor that the graph does not have, or no earlier node computes.
  case notComputed(TensorID, by: String)
  /// Two nodes compute one tensor.
  case computedTwice(TensorID, by: String)
  /// A node writes a tensor that is not computed: a parameter, an input, a constant, examples.
  case written(TensorID, role: Role, by: String)
  /// A node's operands do not fit its op.
  case operands(GraphError)
  /// A node's results have other types than its op computes.
  case results(op: String, expected: [TensorType], received: [TensorType])
  /// An output is not computed.
  case lost(TensorID)
  /// A pass changed a tensor of the original graph.
  case changed(TensorID)
  /// Steps with side effects differ from before, or are in another order.
  case effects(expected: [String], received: [String])

  package var description: String {
    switch self {
    case .notComputed(let id, let op): "\(op) reads \(id), which nothing before it computes"
    case .computedTwice(let id, let op): "\(op) computes \(id) a second time"
    case .written(let id, let role, let op): "\(op) writes \(id), which is \(role)"
    case .operands(let error): "\(error)"
    case .results(let op, let expected, let received):
      "\(op) computes \(expected), and its results are \(received)"
    case .lost(let id): "\(id) is an output, and nothing computes it"
    case .changed(let id): "\(id) differs from before"
    case .effects(let expected, let received):
      "steps with effects were \(expected) and are \(received)"
    }
  }
}

extension Graph {
  /// Applies a pass, and checks that its result is a valid graph with the same effects: a fault in
  /// a pass ends the program here, so that no wrong network is trained.
  func rewritten(
    by pass: String, keeping outputs: Set<TensorID>, _ rewrite: (Graph) -> Graph
  ) -> Graph {
    let result = rewrite(self)
    if let fault = result.fault(after: self, keeping: outputs) {
      preconditionFailure("\(pass): \(fault)")
    }
    return result
  }

  /// The first fault of this graph as the result of a pass on `original`. Checked are shapes and
  /// types, a single definition of each value before its use, roles, the original tensors, outputs,
  /// and the order of side effects.
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

  /// The first fault of this graph by itself.
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

  /// The steps with side effects beyond the plan, in order.
  private var effects: [String] {
    nodes.compactMap { node in
      switch node.op {
      case .allReduce, .record, .update, .updateStatistics, .updateCodebook: node.op.operation.name
      default: nil
      }
    }
  }
}
