/// `y = factor · s · x`: the gradient of a square.
/// - `x`: any shape; `s`: `[]`. Result: the shape of `x`.
package struct Scale: Operation {
  package let factor: Double

  package init(_ factor: Double) { self.factor = factor }
  package var name: String { "scale(\(factor))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[1].shape == [] else { throw mismatch("x and a scalar", inputs) }
    return [inputs[0]]
  }
}
