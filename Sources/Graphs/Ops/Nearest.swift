/// The nearest codebook vector for each vector (van den Oord et al. 2017, equation 1): `i[m] =
/// argmin_k ‖x[m] − e[k]‖² = argmin_k (‖e[k]‖² − 2 x[m] · e[k])`, the first of equally near ones.
///
/// - `scores`: `[M, K]`, the products `x · eᵀ`; `codes`: `e`, `[K, D]`. Result: indices `[M]`, whole
///   numbers in float32, which are exact up to 2²⁴.
/// - An index has no gradient: what depends on it counts as data.
package struct Nearest: Operation {
  /// The largest number of codebook vectors that an index can distinguish.
  package static let largestCount = 1 << 24

  package init() {}
  package var name: String { "nearest" }
  package var isDifferentiable: Bool { false }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank == 2, inputs[1].shape.rank == 2,
      inputs[0].shape[1] == inputs[1].shape[0],
      (1...Self.largestCount).contains(inputs[1].shape[0])
    else { throw mismatch("scores [M, K] and codes [K, D], K from 1 to 2²⁴", inputs) }
    return [TensorType([inputs[0].shape[0]])]
  }

  /// One multiply-add and one comparison per score, and the norms.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (3 * inputs[0].count).addingCapped(2 * inputs[1].count)
  }
}
