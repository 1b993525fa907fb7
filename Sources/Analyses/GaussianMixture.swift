import Glibc
import Randoms

/// A mixture of normal distributions, `p(z) = Σ πₖ N(z; μₖ, Σₖ)`, for the codes of a model without
/// its own prior.
///
/// Fitted by expectation-maximisation in `Double`, with full covariances. Bishop, *Pattern Recognition
/// and Machine Learning* (2006), section 9.2.2.
package struct GaussianMixture: Hashable, Sendable {
  /// π, `[components]`, their sum 1.
  package let weights: [Double]
  package let components: [Gaussian]
  /// The mean of `log p` over the codes of the fit, in nats.
  package let meanLogDensity: Double
  /// The number of iterations, and whether the last gained less than the tolerance.
  package let rounds: Int
  package let isConverged: Bool

  package var units: Int { components[0].units }

  /// Fits a mixture.
  /// - Parameters:
  ///   - codes: `[N, units]`, N at least `components`.
  ///   - components: 1 is a single normal distribution, in closed form. The result has fewer
  ///     components if there are fewer different codes.
  ///   - seed: for the initial centres, which are drawn by k-means++.
  ///   - rounds: the largest number of iterations.
  ///   - tolerance: the fit ends when an iteration gains less mean log-density, in nats.
  ///
  /// Throws `.fewCodes` or `.codesNotFinite`.
  package init(
    fittedTo codes: [Float], units: Int, components: Int, seed: UInt64, rounds: Int = 200,
    tolerance: Double = 1e-5
  ) throws(AnalysisError) {
    precondition(
      units > 0 && codes.count % units == 0 && components > 0, "the values must be whole codes")
    let count = codes.count / units
    guard count >= components else { throw .fewCodes(count: count, components: components) }
    guard codes.allSatisfy(\.isFinite) else { throw .codesNotFinite }
    let codes = codes.map(Double.init)
    let floor = Self.floor(codes, units)
    let groups = KMeans.groups(of: codes, units: units, count: components, seed: seed)
    let used = Set(groups).sorted()
    var shares = [Double](repeating: 0, count: count * used.count)
    for (row, group) in groups.enumerated() {
      shares[used.firstIndex(of: group)! * count + row] = 1
    }

    var (weights, gaussians): ([Double], [Gaussian]) = ([], [])
    var (level, round, isConverged) = (-Double.infinity, 0, false)
    repeat {
      (weights, gaussians) = try Self.maximise(shares, codes, units, floor, gaussians)
      let logs = Self.logTerms(codes, weights, gaussians)
      let densities = Self.logSums(logs, count)
      let next = densities.reduce(0, +) / Double(count)
      round += 1
      isConverged = used.count == 1 || abs(next - level) < tolerance
      level = next
      for place in shares.indices { shares[place] = exp(logs[place] - densities[place % count]) }
    } while !isConverged && round < rounds
    self.weights = weights
    self.components = gaussians
    self.rounds = round
    self.isConverged = isConverged
    meanLogDensity = level
  }

  /// `log p` of each code, in nats.
  /// - `codes`: `[N, units]`.
  package func logDensities(of codes: [Float]) -> [Double] {
    let logs = Self.logTerms(codes.map(Double.init), weights, components)
    return Self.logSums(logs, codes.count / units)
  }

  /// Codes drawn from the mixture, `[count, units]`; the first codes do not depend on `count`.
  /// - Parameter temperature: factor for the standard deviations; 0 gives the means.
  package func sample(count: Int, seed: UInt64, temperature: Double = 1) -> [Float] {
    let choices = Philox(seed: seed, stream: .mixture, step: 1).uniforms(count: count)
    let normals = Philox(seed: seed, stream: .mixture, step: 2).doubleNormals(count: count * units)
    return (0..<count).flatMap { index -> [Float] in
      var (component, passed) = (0, weights[0])
      while component + 1 < weights.count, Double(choices[index]) >= passed {
        component += 1
        passed += weights[component]
      }
      let own = normals[index * units..<(index + 1) * units].map { temperature * $0 }
      return components[component].code(from: own).map(Float.init)
    }
  }

  // MARK: Iterations

  /// A millionth of the variance of a unit, mean over the units.
  private static func floor(_ codes: [Double], _ units: Int) -> Double {
    var statistics = CodeStatistics(units: units)
    statistics.add(codes.map { Float($0) })
    return max(1e-6 * statistics.variances.reduce(0, +) / Double(units), 1e-30)
  }

  /// The parameters for codes with these responsibilities, `shares` `[components, N]`. A component
  /// without any code does not change.
  private static func maximise(
    _ shares: [Double], _ codes: [Double], _ units: Int, _ floor: Double, _ before: [Gaussian]
  ) throws(AnalysisError) -> ([Double], [Gaussian]) {
    let count = codes.count / units
    var (weights, gaussians): ([Double], [Gaussian]) = ([], [])
    for start in stride(from: 0, to: shares.count, by: count) {
      let own = Array(shares[start..<start + count])
      let total = own.reduce(0, +)
      weights.append(total / Double(count))
      gaussians.append(
        total < 1e-10 && !before.isEmpty
          ? before[start / count]
          : try Gaussian(codes, weights: own, units: units, floor: floor))
    }
    return (weights, gaussians)
  }

  /// `log πₖ + log N(z; μₖ, Σₖ)`, `[components, N]`.
  private static func logTerms(
    _ codes: [Double], _ weights: [Double], _ gaussians: [Gaussian]
  ) -> [Double] {
    zip(weights, gaussians).flatMap { weight, gaussian in
      gaussian.logDensities(of: codes).map { log(weight) + $0 }
    }
  }

  /// The logarithm of the sum over components, `[N]`.
  private static func logSums(_ logs: [Double], _ count: Int) -> [Double] {
    (0..<count).map { row in
      var largest = -Double.infinity
      for place in stride(from: row, to: logs.count, by: count) {
        largest = max(largest, logs[place])
      }
      var sum = 0.0
      for place in stride(from: row, to: logs.count, by: count) {
        sum += exp(logs[place] - largest)
      }
      return largest + log(sum)
    }
  }
}
