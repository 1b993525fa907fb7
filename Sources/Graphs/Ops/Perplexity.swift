/// The effective number of codebook vectors in a batch: `exp(−Σ_k p[k] log p[k])`, with `p[k]` the
/// relative frequency of index `k`. 1 if all indices are equal, `count` if all are equally
/// frequent.
/// - `indices`: `[M]`, as `Nearest` returns them. Result: `[]`.
/// - It is only reported, and has no gradient.
package struct Perplexity: Operation {
  /// The number of codebook vectors.
  package let count: Int

  package init(count: Int) { self.count = count }
  package var name: String { "perplexity(\(count))" }
  package var isDifferentiable: Bool { false }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 1, count >= 1 else {
      throw mismatch("indices [M]", inputs)
    }
    return [TensorType([])]
  }

  /// One addition per index, three operations per codebook vector.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    inputs[0].count.addingCapped(3 * count)
  }
}
