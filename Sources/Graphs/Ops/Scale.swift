/// `y = factor · s · x`, for example the gradient of a square, or a sum scaled to a mean.
/// - `x`: any shape; `s`: `[]`. Result: the shape of `x`.
/// - Gradient: `dx = factor · s · dy`; `s`, itself a gradient or a constant, receives none.
package struct Scale: DifferentiableOperation {
  package let factor: Double

  package init(_ factor: Double) { self.factor = factor }
  package var name: String { "scale(\(factor))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[1].shape == [] else { throw mismatch("x and a scalar", inputs) }
    return [inputs[0]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], !call.wanted[1] else {
      throw .notDifferentiable(op: "\(name) by its scalar")
    }
    return [try graph.add(.scale(self), [dy, call.inputs[1]])[0], nil]
  }
}
