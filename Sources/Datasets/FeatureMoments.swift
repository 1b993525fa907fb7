/// Mean and standard deviation of each feature over the values that are not missing, in `Double`.
struct FeatureMoments {
  let means: [Double]
  private let examples: Examples
  private let byteScale: Double
  /// The number of values of each feature.
  private let counts: [Int]

  init(_ examples: Examples, byteScale: Double) {
    self.examples = examples
    self.byteScale = byteScale
    var counts = [Int](repeating: examples.count, count: examples.featureCount)
    // The mean is the first value plus the mean difference from it. So a constant feature has
    // exactly
    // its value as mean, and variance 0.
    var first = [Double](repeating: .nan, count: examples.featureCount)
    if examples.hasMissing {
      counts = [Int](repeating: 0, count: examples.featureCount)
      examples.forEachValue(byteScale: byteScale) { value, feature in
        guard !value.isNaN else { return }
        counts[feature] += 1
        if first[feature].isNaN { first[feature] = value }
      }
      // A feature without any value has mean 0.
      first = first.map { $0.isNaN ? 0 : $0 }
    } else {
      examples.prefix(1).forEachValue(byteScale: byteScale) { first[$1] = $0 }
    }
    self.counts = counts
    let differences = Self.means(examples, byteScale, counts) { value, feature in
      value - first[feature]
    }
    means = zip(first, differences).map { $0 + $1 }
  }

  /// `√(Σ (x − mean)² / count)` of each feature; 0 for a constant feature.
  /// - Parameter fillsMissing: whether missing values count as values equal to the mean.
  func deviations(fillsMissing: Bool) -> [Double] {
    let all = [Int](repeating: examples.count, count: counts.count)
    let divisors = fillsMissing ? all : counts
    // A second pass with the known mean avoids cancellation.
    let variances = Self.means(examples, byteScale, divisors) { value, feature in
      (value - means[feature]) * (value - means[feature])
    }
    let safe = 1e-250...1e250
    guard variances.contains(where: { !safe.contains($0) }) else {
      return variances.map { $0.squareRoot() }
    }
    // Squares of very small or very large numbers: relative to the largest difference.
    var largest = [Double](repeating: 0, count: means.count)
    examples.forEachValue(byteScale: byteScale) { value, feature in
      if !value.isNaN { largest[feature] = max(largest[feature], abs(value - means[feature])) }
    }
    let relative = Self.means(examples, byteScale, divisors) { value, feature in
      guard largest[feature] > 0 else { return 0 }
      let share = (value - means[feature]) / largest[feature]
      return share * share
    }
    return variances.indices.map { feature in
      safe.contains(variances[feature])
        ? variances[feature].squareRoot() : largest[feature] * relative[feature].squareRoot()
    }
  }

  /// The mean of a term over all values that are not missing.
  private static func means(
    _ examples: Examples, _ byteScale: Double, _ counts: [Int],
    _ term: (_ value: Double, _ feature: Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: examples.featureCount)
    if examples.hasMissing {
      examples.forEachValue(byteScale: byteScale) { value, feature in
        if !value.isNaN { sums[feature] += term(value, feature) }
      }
    } else {
      examples.forEachValue(byteScale: byteScale) { value, feature in
        sums[feature] += term(value, feature)
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : 0 }
  }
}
