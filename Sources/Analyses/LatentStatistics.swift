import Glibc

/// Statistics of each unit of a variational code, over all added examples.
///
/// With `q(z|x) = N(μ, exp(s))` and prior `N(0, I)`, the divergence of a unit is
/// `½ (μ² + exp(s) − 1 − s)`, in nats. Kingma and Welling, *Auto-Encoding Variational Bayes* (2014),
/// appendix B.
package struct LatentStatistics: Hashable, Sendable {
  /// Mean and variance of the posterior means over the examples.
  package private(set) var means: CodeStatistics
  private var divergences: [Double]

  /// - Parameter units: the size of a code.
  package init(units: Int) {
    means = CodeStatistics(units: units)
    divergences = [Double](repeating: 0, count: units)
  }

  /// - `means`, `logVariances`: `[N, units]`.
  package mutating func add(means: [Float], logVariances: [Float]) {
    precondition(means.count == logVariances.count, "both must have the same length")
    self.means.add(means)
    for (index, (mean, logVariance)) in zip(means, logVariances).enumerated() {
      let (mean, logVariance) = (Double(mean), Double(logVariance))
      divergences[index % divergences.count] +=
        0.5 * (mean * mean + expm1(logVariance) - logVariance)
    }
  }

  /// The mean over the examples of each unit's divergence, `[units]`, in nats.
  package var divergenceByUnit: [Double] { divergences.map { $0 / Double(means.count) } }

  /// The number of active units: those whose posterior mean has a variance above 0.01 over the
  /// examples. Burda, Grosse and Salakhutdinov, *Importance Weighted Autoencoders* (2016), section
  /// 5.2.
  package var activeUnits: Int { means.variances.count { $0 > 0.01 } }
}

/// Mean, variance and range of each unit of the added codes, in one pass.
package struct CodeStatistics: Hashable, Sendable {
  /// The number of examples so far.
  package private(set) var count = 0
  package private(set) var means: [Double]
  package private(set) var smallest: [Double]
  package private(set) var largest: [Double]
  /// Sums of squared deviations. Welford, *Note on a Method for Calculating Corrected Sums of
  /// Squares and Products* (1962).
  private var squares: [Double]

  package var units: Int { means.count }

  package init(units: Int) {
    precondition(units > 0, "a code needs units")
    means = [Double](repeating: 0, count: units)
    squares = means
    smallest = [Double](repeating: .infinity, count: units)
    largest = [Double](repeating: -.infinity, count: units)
  }

  /// - `codes`: `[N, units]`.
  package mutating func add(_ codes: [Float]) {
    precondition(codes.count % units == 0, "the values must be whole codes")
    for start in stride(from: 0, to: codes.count, by: units) {
      count += 1
      for unit in 0..<units {
        let value = Double(codes[start + unit])
        let before = value - means[unit]
        means[unit] += before / Double(count)
        squares[unit] += before * (value - means[unit])
        smallest[unit] = min(smallest[unit], value)
        largest[unit] = max(largest[unit], value)
      }
    }
  }

  /// The population variance (divided by N).
  package var variances: [Double] { squares.map { count > 0 ? $0 / Double(count) : 0 } }
  package var deviations: [Double] { variances.map { $0.squareRoot() } }
}
