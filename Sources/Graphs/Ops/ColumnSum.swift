/// `s[o] = Σ x[…, o]`: the gradient of a bias.
/// - `x`: `[…, O]`. Result: `[O]`.
package struct ColumnSum: Operation {
  package init() {}
  package var name: String { "columnSum" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank >= 1 else { throw mismatch("x […, O]", inputs) }
    return [TensorType([inputs[0].shape.columns])]
  }
}
