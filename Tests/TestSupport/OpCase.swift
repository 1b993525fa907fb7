import Graphs
import Plans
import Randoms
import ReferenceBackend

/// One op on operands of given shapes.
package struct OpCase: Sendable, CustomStringConvertible {
  package let op: Op
  package let operands: [Operand]

  package struct Operand: Sendable {
    package let shape: Shape
    package let values: Values
  }

  /// The values of an operand.
  package enum Values: Sendable {
    case normal
    /// One of −1, −½, 0, ½, 1, so that many are equal.
    case coarse
    /// Uniform in [0.02, 0.98]: probabilities and pixels.
    case unit
    /// 1 or, at every third place, 0.
    case mask
    /// What the derivative at normal `x` is read off: `f(x)`, or `x` itself.
    case derivativeOperand(of: Activation)
    /// Whole numbers from 0 to below this.
    case indices(Int)
    /// A tensor that never changes, as the seed of a gradient is.
    case constant(Double)
  }

  package init(_ op: Op, _ operands: [(Shape, Values)]) {
    self.op = op
    self.operands = operands.map(Operand.init)
  }

  /// Whether operands have equal elements, where a maximum has no derivative.
  package var hasTies: Bool {
    operands.contains { if case .coarse = $0.values { true } else { false } }
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

  /// That graph as a plan.
  package func plan() throws -> (plan: Plan, inputs: [TensorID], outputs: [TensorID]) {
    let (graph, inputs, outputs) = try graph()
    let plan = Plan(description, graph, outputs: outputs, parameters: noParameters)
    return (plan, inputs, outputs)
  }

  /// How close a float32 backend must come to the reference.
  package func tolerance() throws -> Tolerance {
    let (graph, inputs, outputs) = try graph()
    return op.tolerance(of: inputs.map(graph.shape), to: outputs.map(graph.shape))
  }

  /// The values of an operand, exact in float32; the same at every call.
  package func values(of index: Int) -> [Double] {
    let count = operands[index].shape.count
    let random = Philox(seed: 20, stream: .weights(tensor: index))
    switch operands[index].values {
    case .normal: return random.normals(count: count).map(Double.init)
    case .coarse: return random.uniforms(count: count).map { ((Double($0) * 4).rounded() - 2) / 2 }
    case .unit: return random.uniforms(count: count).map { Double(0.02 + 0.96 * $0) }
    case .indices(let count):
      return random.uniforms(count: self.operands[index].shape.count).map {
        (Double($0) * Double(count)).rounded(.down)
      }
    case .mask: return (0..<count).map { $0 % 3 == 1 ? 0 : 1 }
    case .derivativeOperand(let activation):
      return random.normals(count: count).map { x in
        switch activation.derivativeFrom {
        case .input: Double(x)
        case .result: Double(Float(activation.value(Double(x))))
        }
      }
    case .constant(let value): return [Double](repeating: value, count: count)
    }
  }
}
