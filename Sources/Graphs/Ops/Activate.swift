/// `y = f(x)`, element by element.
/// - `x`: any shape. Result: the same.
/// - Gradient: `dx = dy · f′(x)`, by `ActivateGradient` of `dy` and of `y` or `x`.
package struct Activate: DifferentiableOperation {
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
    let operand =
      switch activation.derivativeFrom {
      case .result: call.outputs[0]
      case .input: call.inputs[0]
      }
    return try graph.add(.activateGradient(ActivateGradient(activation)), [dy, operand])
  }
}
