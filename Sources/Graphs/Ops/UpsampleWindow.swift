/// The window with which a transposed convolution of small images makes what a convolution makes of
/// the same images enlarged: `v[m, n, o, c] = Σ w[t + K − 1 − m, u + K − 1 − n, c, o]`.
///
/// The sum runs over `t` and `u` below the factor `s`, where `w` has such a pixel. An enlarged
/// pixel has `s²` equal copies, so the weights that meet them may be added first: `(K + s − 1)²`
/// products for an old pixel, where the enlarged image takes `s² K²`.
/// - `w`: `[K, K, C, O]`. Result: `[K + s − 1, K + s − 1, O, C]`.
/// - The adjoint, the same sum read from `dv`, carries the gradient back: `dv`:
///   `[K + s − 1, K + s − 1, O, C]`. Result: `[K, K, C, O]`.
package struct UpsampleWindow: Operation {
  /// `s`
  package let factor: Int
  package let isAdjoint: Bool

  package init(_ factor: Int, isAdjoint: Bool = false) {
    precondition(factor >= 1, "images grow by a whole factor")
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

  /// `s²` additions an element.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    factor * factor * outputs[0].count
  }
}
