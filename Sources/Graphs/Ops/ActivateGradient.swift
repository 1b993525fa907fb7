/// `dx = dy · f′`, with `f′` computed from `y = f(x)` or, depending on `activation.derivativeFrom`,
/// from `x`.
///
/// From `y`: identity 1; relu `y > 0`; leakyRelu `y > 0 ? 1 : 0.01`; elu `y > 0 ? 1 : y + 1`;
/// selu `y > 0 ? λ : y + λα`; sigmoid `y (1 − y)`; tanh `1 − y²`; softplus `1 − e⁻ʸ`.
/// From `x`: gelu `Φ(x) + x φ(x)`, with `φ(x) = e^(−x²/2) / √(2π)`; silu `σ (1 + x (1 − σ))`, with
/// `σ = 1 / (1 + e⁻ˣ)`.
/// - `dy`; `y` or `x`: the same shape. Result: the same.
package struct ActivateGradient: Operation {
  package let activation: Activation

  package init(_ activation: Activation) { self.activation = activation }
  package var name: String { "\(activation.rawValue)Gradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      let other = activation.derivativeFrom == .result ? "y" : "x"
      throw mismatch("dy and \(other) of one shape", inputs)
    }
    return [inputs[0]]
  }
}
