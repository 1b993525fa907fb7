/// The codebook vectors with these indices: `y[m] = e[i[m]]`.
/// - `indices`: `i`, `[M]`, as `Nearest` returns them; `codes`: `e`, `[K, D]`. Result: `[M, D]`.
/// - The codes are layer state, which is not trained by gradients: it has no gradient.
package struct LookUp: Operation {
  package init() {}
  package var name: String { "lookUp" }
  package var isDifferentiable: Bool { false }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank == 1, inputs[1].shape.rank == 2 else {
      throw mismatch("indices [M] and codes [K, D]", inputs)
    }
    return [TensorType([inputs[0].shape[0], inputs[1].shape[1]])]
  }
}
