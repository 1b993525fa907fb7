import Graphs
import Reports

/// Where the codes of a model lie, so that new ones can be drawn from there: a mixture of Gaussians
/// fitted to codes.
///
/// Codes of more than `largestUnits` numbers are fitted along so many of their principal components.
/// No code that is drawn reaches further in any unit than those that it was fitted to, so that those
/// of a relu stay positive.
package struct CodePrior: Hashable, Sendable {
  package let mixture: GaussianMixture
  /// How many codes it was fitted to.
  package let codeCount: Int
  private let statistics: CodeStatistics
  /// `nil` where codes are fitted as they are.
  private let components: PCA?

  /// How many principal components a code keeps, where they are fewer than its numbers.
  package var componentCount: Int? { components?.componentCount }

  package static let largestUnits = 64
  /// Codes beyond this number tell no more about where they lie.
  package static let largestCount = 10_000

  /// - `codes`: `[N, units]`.
  /// - Parameter components: of the mixture.
  package init(
    fittedTo codes: [Float], units: Int, components count: Int, seed: UInt64
  ) throws {
    var statistics = CodeStatistics(units: units)
    statistics.add(codes)
    self.statistics = statistics
    codeCount = codes.count / units
    guard codes.allSatisfy(\.isFinite) else { throw AnalysisError.codesNotFinite }
    guard codeCount >= count else {
      throw AnalysisError.fewCodes(count: codeCount, components: count)
    }
    let kept = min(Self.largestUnits, codeCount - 1)
    components =
      units > Self.largestUnits && kept > 0
      ? try PCA(codes, featureCount: units, components: kept) : nil
    mixture = try GaussianMixture(
      fittedTo: components?.project(codes) ?? codes, units: components?.componentCount ?? units,
      components: count, seed: seed, rounds: 100, tolerance: 1e-3)
  }

  /// `[count, units]`; the first do not depend on how many there are.
  /// - Parameter temperature: what deviations are multiplied by.
  package func sample(count: Int, seed: UInt64, temperature: Double) -> [Float] {
    let drawn = mixture.sample(count: count, seed: seed, temperature: temperature)
    let units = statistics.units
    var codes = drawn
    if let components {
      let kept = components.componentCount
      codes = (0..<count).flatMap { row -> [Float] in
        var code = components.mean
        for component in 0..<kept {
          let length = Double(drawn[row * kept + component])
          for unit in 0..<units {
            code[unit] += length * components.components[component * units + unit]
          }
        }
        return code.map { Float($0) }
      }
    }
    return codes.indices.map { place in
      let unit = place % units
      return min(
        max(codes[place], Float(statistics.smallest[unit])), Float(statistics.largest[unit]))
    }
  }
}
