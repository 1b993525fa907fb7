/// What can be wrong with a graph that is being built.
package indirect enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An op was given operands of another number, shape or element type than it takes.
  case operands(op: String, expected: String, received: [TensorType])
  /// An op would make, or a layer would have, a tensor larger than any memory.
  case tooLarge(op: String, shape: Shape)
  /// A gradient was asked for that has no rule.
  case notDifferentiable(op: String)
  /// A loss that is differentiated does not depend on this parameter.
  case unreachable(parameter: String)
  /// Something reads a tensor that the model does not have.
  case unknownTensor(name: String)
  /// A layer of a network cannot be built: the `index`-th, from 0, of its encoder or decoder.
  case layer(part: String, index: Int, reason: GraphError)

  package var description: String {
    switch self {
    case .operands(let op, let expected, let received):
      let list = received.map(\.description).joined(separator: ", ")
      return "\(op): expected \(expected), received \(list.isEmpty ? "nothing" : list)"
    case .tooLarge(let op, let shape):
      return
        "\(op): expected tensors of at most \(Shape.largestCount) elements, received \(shape); "
        + "make its sizes smaller"
    case .layer(let part, let index, let reason): return "\(part)[\(index)]: \(reason)"
    case .notDifferentiable(let op):
      return "\(op): expected an op with a gradient rule, and \(op) has none"
    case .unknownTensor(let name):
      return "expected a tensor or part of the model, received \(name)"
    case .unreachable(let parameter):
      return "gradient: expected a loss that depends on \(parameter), and it does not"
    }
  }
}
