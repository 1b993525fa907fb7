/// `y = a + b`: the sum of gradients.
/// - `a`, `b`: the same shape. Result: the same.
/// - Gradient: `da = db = dy`.
package struct Add: DifferentiableOperation {
  package init() {}
  package var name: String { "add" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw mismatch("two tensors of one shape", inputs)
    }
    return [inputs[0]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    call.wanted.map { $0 ? call.outputGradients[0] : nil }
  }
}
