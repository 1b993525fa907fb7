import Graphs
import Randoms

/// One op on operands of given shapes, and how close a float32 backend must come to the reference.
package struct OpCase: Sendable, CustomStringConvertible {
  package let op: Op
  package let operands: [Operand]
  package let tolerance: Tolerance

  package struct Operand: Sendable {
    package let shape: Shape
    package let values: Values
  }

  /// What an operand is filled with.
  package enum Values: Sendable {
    case normal
    /// Uniform in [0.02, 0.98]: probabilities and pixels.
    case unit
    /// `f(x)` of normal `x`: what a derivative is read off.
    case result(of: Activation)
    /// A tensor that never changes, as the seed of a gradient is.
    case constant(Double)
  }

  package init(_ op: Op, _ operands: [(Shape, Values)], _ tolerance: Tolerance) {
    self.op = op
    self.operands = operands.map(Operand.init)
    self.tolerance = tolerance
  }

  package var description: String {
    "\(op.operation.name) of " + operands.map { "\($0.shape)" }.joined(separator: ", ")
  }

  /// A graph of this op alone.
  package func graph() throws -> (graph: Graph, inputs: [TensorID], outputs: [TensorID]) {
    var graph = Graph()
    let inputs = operands.enumerated().map { index, operand in
      if case .constant(let value) = operand.values {
        graph.add(.constant(value), TensorType(operand.shape))
      } else {
        graph.add(.input(name: "\(index)"), TensorType(operand.shape))
      }
    }
    let outputs = try graph.add(op, inputs)
    return (graph, inputs, outputs)
  }

  /// The values of an operand, exact in float32; the same at every call.
  package func values(of index: Int) -> [Double] {
    let count = operands[index].shape.count
    let random = Philox(seed: 20, stream: .weights(tensor: index))
    switch operands[index].values {
    case .normal: return random.normals(count: count).map(Double.init)
    case .unit: return random.uniforms(count: count).map { Double(0.02 + 0.96 * $0) }
    case .result(let activation):
      return random.normals(count: count).map { Double(Float(activation.sample(Double($0)))) }
    case .constant(let value): return [Double](repeating: value, count: count)
    }
  }
}
