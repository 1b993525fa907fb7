import CLAPACK
import Glibc

/// A multivariate normal distribution with full covariance, stored as principal axes: `Σ = Aᵀ
/// diag(v) A`.
package struct Gaussian: Hashable, Sendable {
  /// `[units]`.
  package let mean: [Double]
  /// The variance along each axis, in ascending order, at least the floor: `[units]`.
  package let variances: [Double]
  /// `A`, orthonormal rows: `[units, units]`.
  package let axes: [Double]

  package var units: Int { mean.count }

  /// The maximum-likelihood fit to weighted codes.
  /// - Parameters:
  ///   - codes: `[N, units]`.
  ///   - weights: `[N]`, not negative, their sum above 0.
  /// - floor: the smallest variance along an axis, so that the density is finite even if codes lie
  ///   in a plane, for example because a unit is unused.
  package init(
    _ codes: [Double], weights: [Double], units: Int, floor: Double
  ) throws(AnalysisError) {
    let total = weights.reduce(0, +)
    var mean = [Double](repeating: 0, count: units)
    for (row, weight) in weights.enumerated() {
      for unit in 0..<units { mean[unit] += weight / total * codes[row * units + unit] }
    }
    var covariance = Self.covariance(codes, weights.map { $0 / total }, mean)
    var eigenvalues = [Double](repeating: 0, count: units)
    let order = Int32(units)
    let status =
      covariance.allSatisfy(\.isFinite)
      ? LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), order, &covariance,
        order, &eigenvalues)
      : -5
    guard status == 0 else { throw .noAxes(status: Int(status)) }
    self.mean = mean
    variances = eigenvalues.map { max($0, floor) }
    // A column of the column-major result is a row here.
    axes = covariance
  }

  /// `log N(x; mean, Σ)` of each code, in nats: `−½ (units · log 2π + Σ log v + Σ (A(x − mean))² / v)`.
  /// - `codes`: `[N, units]`.
  package func logDensities(of codes: [Double]) -> [Double] {
    let constant = Double(units) * log(2 * .pi) + variances.reduce(0) { $0 + log($1) }
    var densities: [Double] = []
    densities.reserveCapacity(codes.count / units)
    let block = Self.blockRows * units
    for start in stride(from: 0, to: codes.count, by: block) {
      let rows = codes[start..<min(start + block, codes.count)]
      let centred = rows.enumerated().map { $1 - mean[$0 % units] }
      let (count, order) = (Int32(centred.count / units), Int32(units))
      var along = [Double](repeating: 0, count: centred.count)
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, count, order, order, 1, centred, order, axes,
        order, 0, &along, order)
      for row in stride(from: 0, to: along.count, by: units) {
        var sum = constant
        for unit in 0..<units { sum += along[row + unit] * along[row + unit] / variances[unit] }
        densities.append(-sum / 2)
      }
    }
    return densities
  }

  /// Converts standard normal numbers to a code: `mean + Aᵀ (√v · ε)`.
  /// - `normals`: `[units]`.
  package func code(from normals: [Double]) -> [Double] {
    var code = mean
    for axis in 0..<units {
      let length = variances[axis].squareRoot() * normals[axis]
      for unit in 0..<units { code[unit] += length * axes[axis * units + unit] }
    }
    return code
  }

  /// The number of rows that are processed at a time.
  private static let blockRows = 1024

  /// `Σ w (x − m)(x − m)ᵀ`, the lower triangle, column-major.
  private static func covariance(
    _ codes: [Double], _ weights: [Double], _ mean: [Double]
  ) -> [Double] {
    let units = mean.count
    var covariance = [Double](repeating: 0, count: units * units)
    for first in stride(from: 0, to: weights.count, by: blockRows) {
      let rows = first..<min(first + blockRows, weights.count)
      let centred = rows.flatMap { row in
        let factor = weights[row].squareRoot()
        return (0..<units).map { factor * (codes[row * units + $0] - mean[$0]) }
      }
      // A row-major block is its own transpose in column-major order.
      cblas_dsyrk(
        CblasColMajor, CblasLower, CblasNoTrans, Int32(units), Int32(rows.count), 1, centred,
        Int32(units), 1, &covariance, Int32(units))
    }
    return covariance
  }
}
