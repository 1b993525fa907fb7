/// An error in building a graph.
package indirect enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An op received a wrong number, shape or element type of operands.
  case operands(op: String, expected: String, received: [TensorType])
  /// A tensor of an op or layer would be too large for any memory.
  case tooLarge(op: String, shape: Shape)
  /// A gradient was requested that has no rule.
  case notDifferentiable(op: String)
  /// A loss to differentiate does not depend on this parameter.
  case unreachable(parameter: String)
  /// A name refers to a tensor that the model does not have.
  case unknownTensor(name: String)
  /// A layer cannot be built: the `index`-th, from 0, of the encoder or decoder.
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
      return "gradient: expected a loss that depends on \(parameter), received one that does not"
    }
  }
}
