/// `dx = dy · f′(x)`, with `f′` read off `y = f(x)`.
///
/// identity 1; relu `y > 0`; elu `y > 0 ? 1 : y + 1`; sigmoid `y (1 − y)`; tanh `1 − y²`;
/// softplus `1 − e⁻ʸ`.
/// - `dy`, `y`: the same shape. Result: the same.
package struct ActivateGradient: Operation {
  package let activation: Activation

  package init(_ activation: Activation) { self.activation = activation }
  package var name: String { "\(activation.rawValue)Gradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw mismatch("dy and y of one shape", inputs)
    }
    return [inputs[0]]
  }
}
