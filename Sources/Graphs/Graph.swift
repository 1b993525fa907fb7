/// A computation as a value: tensors, and nodes in topological order.
///
/// Forward pass, gradients and update of a training step form one graph. Shapes and types are
/// checked when a node is added; nothing is computed here.
package struct Graph: Hashable, Sendable {
  package private(set) var tensors: [Tensor] = []
  package private(set) var nodes: [Node] = []

  package init() {}

  package subscript(id: TensorID) -> Tensor { tensors[id.index] }
  package func shape(_ id: TensorID) -> Shape { tensors[id.index].shape }

  /// Adds a tensor that no node computes.
  package mutating func add(_ role: Role, _ type: TensorType) -> TensorID {
    if case .constant = role,
      let known = tensors.first(where: { $0.role == role && $0.type == type })
    {
      return known.id
    }
    let id = TensorID(tensors.count)
    tensors.append(Tensor(id: id, type: type, role: role))
    return id
  }

  /// Adds a node and the tensors it computes.
  /// - Throws: `GraphError.operands` if the op does not take these operands, `.tooLarge` if a
  ///   result would be too large for any memory.
  @discardableResult
  package mutating func add(_ op: Op, _ inputs: [TensorID]) throws(GraphError) -> [TensorID] {
    let types = try op.operation.outputTypes(of: inputs.map { self[$0].type })
    if let type = types.first(where: { $0.shape.count > Shape.largestCount }) {
      throw .tooLarge(op: op.operation.name, shape: type.shape)
    }
    let outputs = types.map { add(.value, $0) }
    nodes.append(Node(op: op, inputs: inputs, outputs: outputs))
    return outputs
  }

  /// The same tensors with other nodes: the result of a rewriting pass.
  package func with(nodes: [Node]) -> Graph {
    var copy = self
    copy.nodes = nodes
    return copy
  }

  package func constant(_ id: TensorID) -> Double? {
    if case .constant(let value) = self[id].role { value } else { nil }
  }

  /// The parameters, in the order in which they were added.
  package var parameters: [(name: String, id: TensorID)] {
    tensors.compactMap { if case .parameter(let name) = $0.role { (name, $0.id) } else { nil } }
  }

  /// The layers' state, in the order in which it was added.
  package var states: [(name: String, id: TensorID)] {
    tensors.compactMap { if case .state(let name) = $0.role { (name, $0.id) } else { nil } }
  }
}
