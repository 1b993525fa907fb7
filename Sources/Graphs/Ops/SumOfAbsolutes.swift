/// `s = Σ |x|`: for an L1 penalty.
/// - `x`: any shape. Result: `[]`.
/// - Gradient: `dx = sign(x) · ds`, 0 at 0.
package struct SumOfAbsolutes: DifferentiableOperation {
  package init() {}
  package var name: String { "sumOfAbsolutes" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1 else { throw mismatch("one tensor", inputs) }
    return [TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let ds = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.sumOfAbsolutesGradient(SumOfAbsolutesGradient()), [call.inputs[0], ds])
  }
}

/// `dx = sign(x) · ds`, 0 at 0.
/// - `x`: any shape; `ds`: `[]`. Result: the shape of `x`.
package struct SumOfAbsolutesGradient: Operation {
  package init() {}
  package var name: String { "sumOfAbsolutesGradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[1].shape == [] else { throw mismatch("x and a scalar", inputs) }
    return [inputs[0]]
  }
}
