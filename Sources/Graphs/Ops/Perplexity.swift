/// How many codes a batch makes use of: `exp(−Σ_k p[k] log p[k])`, with `p[k]` the share of code `k`
/// among the indices. 1 if all are one code, `count` if all codes are used alike.
/// - `indices`: `[M]`, as `Nearest` has them. Result: `[]`.
/// - It is only reported: it has no gradient.
package struct Perplexity: Operation {
  /// How many codes there are.
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

  /// An addition an index, three operations a code.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    inputs[0].count.addingCapped(3 * count)
  }
}
