import Plans

extension ProductShape {
  /// Compares results of this product for operands between −1 and 1.
  ///
  /// Sums of `k` float32 terms in any order differ by at most `2·10⁻⁷ k`; the operations fused into
  /// the product are smooth.
  /// - Throws: `.wrongElement` for the first element that differs by more.
  package func compare(_ results: [[Double]], with expected: [[Double]]) throws(TuningError) {
    let absolute = 2e-7 * Double(k) + 2e-6
    for (result, wanted) in zip(results, expected) {
      for index in wanted.indices {
        let bound = absolute + 1e-5 * abs(wanted[index])
        guard abs(result[index] - wanted[index]) <= bound else {
          throw .wrongElement(index: index, expected: wanted[index], received: result[index])
        }
      }
    }
  }
}
