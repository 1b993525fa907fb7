import CLAPACK

/// The matrices for principal components, computed in blocks of rows or columns.
extension PCA {
  /// The number of rows that are converted to `Double` at a time.
  static let blockRows = 1024

  static func means(_ values: [Float], _ features: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: features)
    for start in stride(from: 0, to: values.count, by: features) {
      for feature in 0..<features { sums[feature] += Double(values[start + feature]) }
    }
    return sums.map { $0 / Double(values.count / features) }
  }

  /// The number of columns of wide data that are processed at a time.
  static let blockColumns = 4096

  /// The columns `range` of `X − m`: `[N, range.count]`.
  static func centredColumns(
    _ values: [Float], _ mean: [Double], _ range: Range<Int>
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(values.count / mean.count * range.count)
    for row in stride(from: 0, to: values.count, by: mean.count) {
      for column in range { result.append(Double(values[row + column]) - mean[column]) }
    }
    return result
  }

  static func blocks(of features: Int) -> [Range<Int>] {
    stride(from: 0, to: features, by: blockColumns).map {
      $0..<min($0 + blockColumns, features)
    }
  }

  /// The lower triangle of `G` `[N, N]`, column-major.
  static func gram(_ values: [Float], _ mean: [Double]) -> [Double] {
    let count = values.count / mean.count
    var gram = [Double](repeating: 0, count: count * count)
    for range in blocks(of: mean.count) {
      let block = centredColumns(values, mean, range)
      let inner = Int32(range.count)
      // A row-major block is its own transpose in column-major order.
      cblas_dsyrk(
        CblasColMajor, CblasLower, CblasTrans, Int32(count), inner, 1 / Double(count - 1), block,
        inner, 1, &gram, Int32(count))
    }
    return gram
  }

  /// The components `[k, features]` for eigenvectors `[k, N]` of `G`, with length 1. They are
  /// orthogonalized again, because rounding errors are large relative to small eigenvalues.
  static func directions(
    _ vectors: [Double], _ values: [Float], _ mean: [Double]
  ) -> [Double] {
    let (count, features) = (values.count / mean.count, mean.count)
    let rank = vectors.count / count
    var result = [Double](repeating: 0, count: rank * features)
    guard rank > 0 else { return result }
    for range in blocks(of: features) {
      let block = centredColumns(values, mean, range)
      result.withUnsafeMutableBufferPointer { result in
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rank), Int32(range.count), Int32(count),
          1, vectors, Int32(count), block, Int32(range.count), 0,
          result.baseAddress! + range.lowerBound, Int32(features))
      }
    }
    result.withUnsafeMutableBufferPointer { result in
      let (size, start) = (Int32(features), result.baseAddress!)
      for place in 0..<rank {
        let row = start + place * features
        // Normalized first, so that components along earlier ones are only rounding errors.
        cblas_dscal(size, 1 / cblas_dnrm2(size, row, 1), row, 1)
        for earlier in 0..<place {
          let other = start + earlier * features
          cblas_daxpy(size, -cblas_ddot(size, row, 1, other, 1), other, 1, row, 1)
        }
        cblas_dscal(size, 1 / cblas_dnrm2(size, row, 1), row, 1)
      }
    }
    return result
  }

  /// The lower triangle, column-major.
  static func covariance(_ values: [Float], _ mean: [Double]) -> [Double] {
    let features = mean.count
    var covariance = [Double](repeating: 0, count: features * features)
    let weight = 1 / Double(values.count / features - 1)
    let step = blockRows * features
    for start in stride(from: 0, to: values.count, by: step) {
      let block = centred(values[start..<min(start + step, values.count)], mean)
      let rows = Int32(block.count / features)
      // A row-major block is its own transpose in column-major order.
      cblas_dsyrk(
        CblasColMajor, CblasLower, CblasNoTrans, Int32(features), rows, weight, block,
        Int32(features), 1, &covariance, Int32(features))
    }
    return covariance
  }

  static func centred(_ values: ArraySlice<Float>, _ mean: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    let features = mean.count
    for row in stride(from: 0, to: values.count, by: features) {
      for feature in 0..<features {
        result[row + feature] = Double(values[values.startIndex + row + feature]) - mean[feature]
      }
    }
    return result
  }
}
