/// Mean and standard deviation of each feature over the values that are not missing, in `Double`.
///
/// The values are passed through several times, block by block. Each feature's values are added in
/// their order, so that the blocks make no difference.
struct FeatureMoments<Failure: Error> {
  /// Calls the closure with the examples of each block.
  typealias Blocks = (_ add: (Examples) -> Void) throws(Failure) -> Void

  let means: [Double]
  private let blocks: Blocks
  private let byteScale: Double
  private let rowCount: Int
  /// The number of values of each feature.
  private let counts: [Int]

  init(
    featureCount: Int, byteScale: Double, _ blocks: @escaping Blocks
  ) throws(Failure) {
    self.blocks = blocks
    self.byteScale = byteScale
    var rowCount = 0
    var counts = [Int](repeating: 0, count: featureCount)
    // The mean is the first value plus the mean difference from it. So a constant feature has
    // exactly its value as mean, and variance 0. A feature without any value has mean 0.
    var first = [Double](repeating: 0, count: featureCount)
    var sums = first
    try blocks { examples in
      rowCount += examples.count
      examples.forEachValue(byteScale: byteScale) { value, feature in
        guard !value.isNaN else { return }
        if counts[feature] == 0 { first[feature] = value }
        counts[feature] += 1
        sums[feature] += value - first[feature]
      }
    }
    self.rowCount = rowCount
    self.counts = counts
    means = zip(first, Self.means(sums, counts)).map { $0 + $1 }
  }

  /// `√(Σ (x − mean)² / count)` of each feature; 0 for a constant feature.
  /// - Parameter fillsMissing: whether missing values count as values equal to the mean.
  func deviations(fillsMissing: Bool) throws(Failure) -> [Double] {
    let all = [Int](repeating: rowCount, count: counts.count)
    let divisors = fillsMissing ? all : counts
    // A second pass with the known mean avoids cancellation.
    var squares = [Double](repeating: 0, count: counts.count)
    var largest = squares
    try forEachDistance { distance, feature in
      squares[feature] += distance * distance
      largest[feature] = max(largest[feature], abs(distance))
    }
    let variances = Self.means(squares, divisors)
    let safe = 1e-250...1e250
    guard variances.contains(where: { !safe.contains($0) }) else {
      return variances.map { $0.squareRoot() }
    }
    // Squares of very small or very large numbers: relative to the largest difference.
    var shares = [Double](repeating: 0, count: counts.count)
    try forEachDistance { distance, feature in
      guard largest[feature] > 0 else { return }
      let share = distance / largest[feature]
      shares[feature] += share * share
    }
    let relative = Self.means(shares, divisors)
    return variances.indices.map { feature in
      safe.contains(variances[feature])
        ? variances[feature].squareRoot() : largest[feature] * relative[feature].squareRoot()
    }
  }

  /// Passes on the distance of each value that is not missing from the mean of its feature.
  private func forEachDistance(
    _ body: (_ distance: Double, _ feature: Int) -> Void
  ) throws(Failure) {
    try blocks { examples in
      examples.forEachValue(byteScale: byteScale) { value, feature in
        if !value.isNaN { body(value - means[feature], feature) }
      }
    }
  }

  private static func means(_ sums: [Double], _ counts: [Int]) -> [Double] {
    zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : 0 }
  }
}

extension FeatureMoments where Failure == Never {
  /// Of examples in memory.
  init(_ examples: Examples, byteScale: Double) {
    self.init(featureCount: examples.featureCount, byteScale: byteScale) { $0(examples) }
  }
}
