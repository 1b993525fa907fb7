/// `s = Σ x²`: for an L2 penalty.
/// - `x`: any shape. Result: `[]`.
/// - Gradient: `dx = 2 x · ds`.
package struct SumOfSquares: DifferentiableOperation {
  package init() {}
  package var name: String { "sumOfSquares" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1 else { throw mismatch("one tensor", inputs) }
    return [TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let ds = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.scale(Scale(2)), [call.inputs[0], ds])
  }
}
