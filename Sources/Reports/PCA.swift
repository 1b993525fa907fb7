import CLAPACK

/// Principal components in closed form, by LAPACK.
///
/// With `X` `[N, features]` and its column means `m`, the covariance is
/// `C = (X − m)ᵀ(X − m) / (N − 1)`; component `i` is the eigenvector of its `i`-th largest
/// eigenvalue, with a positive largest entry. If there are fewer examples than features, the
/// smaller Gram matrix `G = (X − m)(X − m)ᵀ / (N − 1)` has the same eigenvalues `λ` other than 0,
/// and its eigenvectors `u` give the components `(X − m)ᵀ u / √((N − 1) λ)`.
///
/// Everything is `Double`. 60,000 examples of 784 features take 12 s with Debian's reference BLAS
/// on a Zen 5 core, most of it for the covariance; an optimised BLAS can replace it. Jolliffe,
/// *Principal Component Analysis*, 2nd edition, sections 1.1 and 3.5.
package struct PCA: Hashable, Sendable {
  package let featureCount: Int
  /// `[features]`.
  package let mean: [Double]
  /// `[componentCount, features]`, orthonormal rows.
  package let components: [Double]
  /// The variance along each component, largest first.
  package let explainedVariance: [Double]
  /// The variance of all features together.
  package let totalVariance: Double

  /// The requested number, or the rank of `X − m` if that is smaller: at most N − 1, and 0 if all
  /// examples are equal.
  package var componentCount: Int { explainedVariance.count }

  /// - `values`: `[N, featureCount]`, N at least 2.
  /// - `components`: the largest number of components, 1 to `featureCount`.
  ///
  /// Throws `.noComponents` if LAPACK finds none, for example for values that are not finite.
  package init(_ values: [Float], featureCount: Int, components: Int) throws(ReportError) {
    let count = values.count / featureCount
    precondition(values.count == count * featureCount, "the values must be whole rows")
    precondition(count > 1, "the variance needs at least two examples")
    precondition(
      (1...featureCount).contains(components), "there are at most as many components as features")
    let mean = Self.means(values, featureCount)
    let isWide = count < featureCount
    var matrix = isWide ? Self.gram(values, mean) : Self.covariance(values, mean)
    let order = min(count, featureCount)
    totalVariance = (0..<order).reduce(0) { $0 + matrix[$1 * (order + 1)] }
    guard totalVariance.isFinite else { throw .noComponents(status: -6) }
    let (variances, vectors) = try Self.eigenvectors(
      &matrix, order: order, count: min(components, order))

    // An eigenvalue of 0 is only 0 up to rounding errors.
    let least = (variances.first ?? 0) * Double(max(count, featureCount)) * Double.ulpOfOne
    let rank = variances.prefix { $0 > least }.count
    self.featureCount = featureCount
    self.mean = mean
    explainedVariance = Array(variances.prefix(rank))
    let directions =
      isWide
      ? Self.directions(Array(vectors.prefix(rank * order)), values, mean)
      : Array(vectors.prefix(rank * order))
    self.components = (0..<rank).flatMap { place in
      Self.signed(Array(directions[place * featureCount..<(place + 1) * featureCount]))
    }
  }

  /// The eigenvectors `[count, order]` of the largest eigenvalues of a symmetric matrix, of which
  /// only the lower triangle is set; the matrix is overwritten.
  private static func eigenvectors(
    _ matrix: inout [Double], order: Int, count: Int
  ) throws(ReportError) -> (values: [Double], vectors: [Double]) {
    var found: Int32 = 0
    var values = [Double](repeating: 0, count: order)
    var vectors = [Double](repeating: 0, count: order * count)
    var support = [Int32](repeating: 0, count: 2 * count)
    let size = Int32(order)
    let status = LAPACKE_dsyevr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")),
      CChar(UInt8(ascii: "L")), size, &matrix, size, 0, 0, size - Int32(count) + 1, size, 0, &found,
      &values, &vectors, size, &support)
    guard status == 0, found == count else { throw .noComponents(status: Int(status)) }
    // LAPACK's order is ascending.
    return (
      (0..<count).map { max(values[count - 1 - $0], 0) },
      (0..<count).flatMap { vectors[(count - 1 - $0) * order..<(count - $0) * order] }
    )
  }

  /// The fraction of the variance along each component.
  package var explainedShare: [Double] {
    explainedVariance.map { totalVariance > 0 ? $0 / totalVariance : 0 }
  }

  /// Codes `[N, components]` of rows `[N, features]`: `(x − m) Wᵀ`.
  package func project(_ values: [Float]) -> [Float] {
    let codes = codes(centred(values[...]))
    return codes.map { Float($0) }
  }

  /// The first `axes` numbers of each code, `[N, axes]`; 0 for axes without a component.
  package func coordinates(_ values: [Float], axes: Int) -> [Float] {
    let known = min(axes, componentCount)
    let codes = codes(centred(values[...]), along: known)
    return (0..<values.count / featureCount).flatMap { row in
      (0..<axes).map { $0 < known ? Float(codes[row * known + $0]) : 0 }
    }
  }

  /// The mean over rows and features of the squared error of reconstructing,
  /// `((x − x̂) / factor)²`, in `Double` throughout.
  /// - `values`: `[N, features]`.
  /// - `factor`: the factor by which each feature was scaled before, `[features]`; empty if it is 1
  ///   for all.
  package func reconstructionMSE(_ values: [Float], factor: [Double] = []) -> Double {
    let errors = errors(of: values, factor: factor)
    return errors.reduce(0, +) / Double(errors.count)
  }

  /// The same for each row: `[N]`, means over features.
  package func errors(of values: [Float], factor: [Double] = []) -> [Double] {
    precondition(factor.isEmpty || factor.count == featureCount, "one factor per feature is needed")
    var errors: [Double] = []
    errors.reserveCapacity(values.count / featureCount)
    let step = Self.blockRows * featureCount
    for start in stride(from: 0, to: values.count, by: step) {
      let block = centred(values[start..<min(start + step, values.count)])
      let there = rows(codes(block), count: block.count / featureCount)
      for row in stride(from: 0, to: block.count, by: featureCount) {
        var sum = 0.0
        for feature in 0..<featureCount {
          let difference =
            (block[row + feature] - there[row + feature])
            / (factor.isEmpty ? 1 : factor[feature])
          sum += difference * difference
        }
        errors.append(sum / Double(featureCount))
      }
    }
    return errors
  }

  /// The reconstructions of rows from their codes, `[N, features]`.
  package func reconstructions(of values: [Float]) -> [Float] {
    let there = rows(codes(centred(values[...])), count: values.count / featureCount)
    return there.indices.map { Float(there[$0] + mean[$0 % featureCount]) }
  }

  // MARK: Products

  private func centred(_ values: ArraySlice<Float>) -> [Double] {
    precondition(values.count % featureCount == 0, "the values must be whole rows")
    return Self.centred(values, mean)
  }

  /// - Parameter columns: how many components; `nil`: all.
  private func codes(_ centred: [Double], along columns: Int? = nil) -> [Double] {
    let (rows, inner) = (centred.count / featureCount, featureCount)
    let columns = columns ?? componentCount
    var result = [Double](repeating: 0, count: rows * columns)
    guard rows > 0, columns > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1,
      centred, Int32(inner), components, Int32(inner), 0, &result, Int32(columns))
    return result
  }

  /// The rows minus their mean: `[count, features]` from codes `[count, componentCount]`.
  private func rows(_ codes: [Double], count rows: Int) -> [Double] {
    let (inner, columns) = (componentCount, featureCount)
    var result = [Double](repeating: 0, count: rows * columns)
    guard rows > 0, inner > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1,
      codes, Int32(inner), components, Int32(columns), 0, &result, Int32(columns))
    return result
  }

  /// An eigenvector's sign is arbitrary: the largest entry is made positive.
  private static func signed(_ vector: [Double]) -> [Double] {
    let largest = vector.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? vector.map { -$0 } : vector
  }
}
