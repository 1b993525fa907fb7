import CLAPACK

/// Principal components in closed form: eigenvectors of the covariance, by LAPACK.
///
/// With `X` `[N, features]` and its column means `m`, the covariance is
/// `(X − m)ᵀ(X − m) / (N − 1)`; component `i` belongs to its `i`-th largest eigenvalue, and has its
/// largest entry positive. Everything is `Double`: 60,000 examples of 784 features take 12 s with
/// Debian's reference BLAS on a Zen 5 core, most of it the covariance; an optimised BLAS in its
/// place is used as it is. Jolliffe, *Principal Component Analysis*, 2nd edition, chapter 1.
package struct PCA: Hashable, Sendable {
  package let featureCount: Int
  /// `[features]`.
  package let mean: [Double]
  /// `[components, features]`, orthonormal rows.
  package let components: [Double]
  /// The variance along each component, largest first.
  package let explainedVariance: [Double]
  /// The variance of all features together, of which the components explain a part.
  package let totalVariance: Double

  package var componentCount: Int { explainedVariance.count }

  /// - `values`: `[N, featureCount]`, N at least 2.
  /// - `components`: how many, 1 to `featureCount`.
  ///
  /// Throws `.noComponents` where LAPACK finds none, as it does for values that are not finite.
  package init(_ values: [Float], featureCount: Int, components: Int) throws(ReportError) {
    let count = values.count / featureCount
    precondition(values.count == count * featureCount, "values do not fill the rows")
    precondition(count > 1, "one example has no variance")
    precondition((1...featureCount).contains(components), "at most as many as features")
    let mean = Self.means(values, featureCount)
    var covariance = Self.covariance(values, mean)
    totalVariance = (0..<featureCount).reduce(0) { $0 + covariance[$1 * (featureCount + 1)] }

    // Only the lower triangle is filled; the eigenvalues wanted are the last, in rising order.
    let order = Int32(featureCount)
    var found: Int32 = 0
    var eigenvalues = [Double](repeating: 0, count: featureCount)
    var vectors = [Double](repeating: 0, count: featureCount * components)
    var support = [Int32](repeating: 0, count: 2 * components)
    let status =
      totalVariance.isFinite
      ? LAPACKE_dsyevr(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")),
        CChar(UInt8(ascii: "L")), order, &covariance, order, 0, 0, order - Int32(components) + 1,
        order, 0, &found, &eigenvalues, &vectors, order, &support)
      : -6
    guard status == 0, found == components else {
      throw .noComponents(status: Int(status))
    }
    self.featureCount = featureCount
    self.mean = mean
    explainedVariance = (0..<components).map { max(eigenvalues[components - 1 - $0], 0) }
    self.components = (0..<components).flatMap { place in
      let start = (components - 1 - place) * featureCount
      return Self.signed(Array(vectors[start..<start + featureCount]))
    }
  }

  /// The share of the variance along each component.
  package var explainedShare: [Double] {
    explainedVariance.map { totalVariance > 0 ? $0 / totalVariance : 0 }
  }

  /// Codes `[N, components]` of rows `[N, features]`: `(x − m) Wᵀ`.
  package func project(_ values: [Float]) -> [Float] {
    let codes = codes(centred(values[...]))
    return codes.map { Float($0) }
  }

  /// The mean over rows and features of the squared error of reconstructing,
  /// `((x − x̂) / factor)²`, in `Double` throughout.
  /// - `values`: `[N, features]`.
  /// - `factor`: what each feature was multiplied by before, `[features]`; empty where it is 1 for
  ///   all.
  package func reconstructionMSE(_ values: [Float], factor: [Double] = []) -> Double {
    let errors = errors(of: values, factor: factor)
    return errors.reduce(0, +) / Double(errors.count)
  }

  /// The same of each row by itself, a mean over its features: `[N]`.
  package func errors(of values: [Float], factor: [Double] = []) -> [Double] {
    precondition(factor.isEmpty || factor.count == featureCount, "a factor to each feature")
    var errors = [Double](repeating: 0, count: values.count / featureCount)
    let step = Self.blockRows * featureCount
    for start in stride(from: 0, to: values.count, by: step) {
      let block = centred(values[start..<min(start + step, values.count)])
      for (index, (value, row)) in zip(block, rows(codes(block))).enumerated() {
        let difference = (value - row) / (factor.isEmpty ? 1 : factor[index % featureCount])
        errors[(start + index) / featureCount] += difference * difference
      }
    }
    return errors.map { $0 / Double(featureCount) }
  }

  // MARK: Products

  /// Rows that are turned into `Double` at a time.
  private static let blockRows = 1024

  private static func means(_ values: [Float], _ features: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: features)
    for start in stride(from: 0, to: values.count, by: features) {
      for feature in 0..<features { sums[feature] += Double(values[start + feature]) }
    }
    return sums.map { $0 / Double(values.count / features) }
  }

  /// The lower triangle, column-major.
  private static func covariance(_ values: [Float], _ mean: [Double]) -> [Double] {
    let features = mean.count
    var covariance = [Double](repeating: 0, count: features * features)
    let weight = 1 / Double(values.count / features - 1)
    let step = blockRows * features
    for start in stride(from: 0, to: values.count, by: step) {
      let block = centred(values[start..<min(start + step, values.count)], mean)
      let rows = Int32(block.count / features)
      // A row-major block is its own transpose in columns.
      cblas_dsyrk(
        CblasColMajor, CblasLower, CblasNoTrans, Int32(features), rows, weight, block,
        Int32(features), 1, &covariance, Int32(features))
    }
    return covariance
  }

  private func centred(_ values: ArraySlice<Float>) -> [Double] {
    precondition(values.count % featureCount == 0, "values do not fill the rows")
    return Self.centred(values, mean)
  }

  private static func centred(_ values: ArraySlice<Float>, _ mean: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    let features = mean.count
    for row in stride(from: 0, to: values.count, by: features) {
      for feature in 0..<features {
        result[row + feature] = Double(values[values.startIndex + row + feature]) - mean[feature]
      }
    }
    return result
  }

  private func codes(_ centred: [Double]) -> [Double] {
    let (rows, inner, columns) = (centred.count / featureCount, featureCount, componentCount)
    var result = [Double](repeating: 0, count: rows * columns)
    guard rows > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1,
      centred, Int32(inner), components, Int32(inner), 0, &result, Int32(columns))
    return result
  }

  private func rows(_ codes: [Double]) -> [Double] {
    let (rows, inner, columns) = (codes.count / componentCount, componentCount, featureCount)
    var result = [Double](repeating: 0, count: rows * columns)
    guard rows > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1,
      codes, Int32(inner), components, Int32(columns), 0, &result, Int32(columns))
    return result
  }

  /// An eigenvector and its negative are as good: the largest entry decides.
  private static func signed(_ vector: [Double]) -> [Double] {
    let largest = vector.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? vector.map { -$0 } : vector
  }
}
