/// `y = f(x)`, element by element.
/// - `x`: any shape. Result: the same.
/// - Gradient: `dx = dy · f′(x)`, by `ActivateGradient`.
package struct Activate: Operation {
  package let activation: Activation

  package init(_ activation: Activation) { self.activation = activation }
  package var name: String { activation.rawValue }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1 else { throw mismatch("one tensor", inputs) }
    return inputs
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.activateGradient(ActivateGradient(activation)), [dy, call.outputs[0]])
  }
}
