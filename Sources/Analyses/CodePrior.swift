import Graphs
import Reports

/// A prior for codes without one, from which new codes can be drawn: a mixture of Gaussians fitted
/// to codes.
///
/// Codes of more than `largestUnits` numbers are fitted in this number of principal components. In
/// each unit, drawn codes stay in the range of the codes of the fit, so that codes of a relu are
/// not negative.
package struct CodePrior: Hashable, Sendable {
  package let mixture: GaussianMixture
  /// The number of codes that it was fitted to.
  package let codeCount: Int
  private let statistics: CodeStatistics
  /// `nil` if the codes are used directly.
  private let components: PCA?

  /// The number of principal components, if they are used.
  package var componentCount: Int? { components?.componentCount }

  package static let largestUnits = 64
  /// More codes would hardly improve the fit.
  package static let largestCount = 10_000

  /// - `codes`: `[N, units]`.
  /// - Parameter components: the number of Gaussians.
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

  /// `[count, units]`; the first codes do not depend on `count`.
  /// - Parameter temperature: factor for the standard deviations.
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
