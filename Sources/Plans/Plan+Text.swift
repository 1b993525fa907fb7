import Graphs

extension Plan {
  /// Its steps with the shapes of their operands and results, a line each: two plans with one text
  /// compute the same, from examples however many.
  package var text: String {
    func shapes(_ tensors: [TensorID]) -> String {
      tensors.map { id in
        switch graph[id].role {
        case .examples, .order, .labels: "\(graph[id].type.elementType.rawValue)[…]"
        default: "\(graph.shape(id))"
        }
      }.joined(separator: " ")
    }
    return steps.map {
      "\($0.op.operation.name): \(shapes($0.inputs)) → \(shapes($0.outputs))\n"
    }.joined()
  }
}
