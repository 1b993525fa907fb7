/// The window of a transposed convolution of small images that is equal to a convolution of the
/// enlarged images: `v[m, n, o, c] = Σ w[t + K − 1 − m, u + K − 1 − n, c, o]`.
///
/// The sum is over `t` and `u` below the factor `s`, where `w` has such a pixel. An enlarged pixel
/// has `s²` equal copies, so the weights for these copies can be added before: `(K + s − 1)²`
/// products per old pixel, in place of `s² K²` for the enlarged image.
/// - `w`: `[K, K, C, O]`. Result: `[K + s − 1, K + s − 1, O, C]`.
/// - The adjoint, the same sum over `dv`, computes the gradient: `dv`: `[K + s − 1, K + s − 1, O,
///   C]`. Result: `[K, K, C, O]`.
package struct UpsampleWindow: Operation {
  /// `s`
  package let factor: Int
  package let isAdjoint: Bool

  package init(_ factor: Int, isAdjoint: Bool = false) {
    precondition(factor >= 1, "the factor must be a positive whole number")
    self.factor = factor
    self.isAdjoint = isAdjoint
  }

  package var name: String { "upsampleWindow" + (isAdjoint ? "Gradient" : "") + "(\(factor))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let least = isAdjoint ? factor : 1
    guard inputs.count == 1, inputs[0].shape.rank == 4, inputs[0].shape[0] >= least,
      inputs[0].shape[1] == inputs[0].shape[0]
    else { throw mismatch("weights [K, K, C, O] with K ≥ \(least)", inputs) }
    let w = inputs[0].shape
    let size = isAdjoint ? w[0] - factor + 1 : w[0] + factor - 1
    return [TensorType([size, size, w[3], w[2]])]
  }

  /// `s²` additions per element.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    factor * factor * outputs[0].count
  }
}
