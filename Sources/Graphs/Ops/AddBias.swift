/// `y[…, o] = x[…, o] + b[o]`.
/// - `x`: `[…, O]`; `b`: `[O]`. Result: `[…, O]`.
/// - Gradient: `dx = dy`, `db[o] = Σ dy[…, o]`.
package struct AddBias: DifferentiableOperation {
  package init() {}
  package var name: String { "addBias" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank >= 1, inputs[1].shape == [inputs[0].shape.columns]
    else { throw mismatch("x […, O] and a bias [O]", inputs) }
    return [inputs[0]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0] else { return [nil, nil] }
    return [
      call.wanted[0] ? dy : nil,
      call.wanted[1] ? try graph.add(.columnSum(ColumnSum()), [dy])[0] : nil,
    ]
  }
}
