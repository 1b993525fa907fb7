import Analyses
import Randoms
import Testing

@Suite struct GaussianMixtureTests {
  /// numpy's covariance and scipy's `multivariate_normal.logpdf`.
  @Test func oneComponentIsAGaussian() throws {
    let codes: [Float] = [1, 2, 3, 5, 0.5, 1, 4, 1, 2, 2.5]
    let mixture = try GaussianMixture(fittedTo: codes, units: 2, components: 1, seed: 1)
    #expect(mixture.weights == [1] && mixture.isConverged && mixture.rounds == 1)
    expectClose(mixture.components[0].mean, [2.1, 2.3])
    expectClose([mixture.components[0].variances.reduce(0, +)], [1.64 + 2.16])
    let densities = [
      -2.8070451177868962, -4.15733865986126, -3.393376594529332, -4.378624223612578,
      -2.454041956564557,
    ]
    expectClose(mixture.logDensities(of: codes), densities)
    expectClose([mixture.meanLogDensity], [densities.reduce(0, +) / 5])
    expectClose(mixture.logDensities(of: [0, 0]), [-4.494535709387077])
  }

  /// Three groups of the plane, apart but not wholly: the codes of `points`.
  private func points() -> [Float] {
    let normals = Philox(seed: 3, stream: .sampling).normals(count: 600)
    let centres: [(Float, Float)] = [(0, 0), (4, 0), (1, 5)]
    return (0..<300).flatMap { row -> [Float] in
      let centre = centres[row % 3]
      let (a, b) = (normals[2 * row], normals[2 * row + 1])
      return [centre.0 + a, centre.1 + 0.5 * b + 0.4 * a]
    }
  }

  /// scikit-learn's `GaussianMixture(3, tol=1e-9, reg_covar=0)` of the same points.
  @Test(arguments: [1, 2, 3] as [UInt64]) func agreesWithScikitLearn(seed: UInt64) throws {
    let mixture = try GaussianMixture(
      fittedTo: points(), units: 2, components: 3, seed: seed, tolerance: 1e-9)
    #expect(mixture.isConverged)
    let order = (0..<3).sorted { mixture.components[$0].mean[1] < mixture.components[$1].mean[1] }
    expectClose([mixture.meanLogDensity], [-3.1762871854], tolerance: 1e-6)
    expectClose(
      order.map { mixture.weights[$0] }, [0.33870956, 0.32795711, 0.33333333], tolerance: 1e-4)
    expectClose(
      order.flatMap { mixture.components[$0].mean },
      [3.94706955, -0.07608116, -0.08309484, -0.05603515, 0.90564301, 5.00348336], tolerance: 1e-4)
    expectClose(mixture.logDensities(of: [2, 2]), [-8.01069017], tolerance: 1e-4)
  }

  /// The moments of many draws are those of the mixture.
  @Test func drawsFromIt() throws {
    let mixture = try GaussianMixture(fittedTo: points(), units: 2, components: 3, seed: 1)
    let count = 40_000
    let draws = mixture.sample(count: count, seed: 5)
    var statistics = CodeStatistics(units: 2)
    statistics.add(draws)
    var expected = CodeStatistics(units: 2)
    expected.add(points())
    // Five standard errors of a mean of 40,000, and of a deviation.
    expectClose(statistics.means, expected.means, tolerance: 0.04)
    expectClose(statistics.deviations, expected.deviations, tolerance: 0.03)
    // Of its own draws a mixture expects what it expected of its data.
    let level = mixture.logDensities(of: draws).reduce(0, +) / Double(count)
    expectClose([level], [mixture.meanLogDensity], tolerance: 0.02)
  }

  @Test func drawsAreAFunctionOfSeedAndPlace() throws {
    let mixture = try GaussianMixture(fittedTo: points(), units: 2, components: 3, seed: 1)
    let draws = mixture.sample(count: 20, seed: 5)
    #expect(mixture.sample(count: 7, seed: 5) == Array(draws[..<14]))
    #expect(mixture.sample(count: 20, seed: 6) != draws)
    // Without temperature only the means are left, of the components that the draws chose.
    let cold = mixture.sample(count: 20, seed: 5, temperature: 0)
    let means = mixture.components.map { $0.mean.map(Float.init) }
    for row in 0..<20 { #expect(means.contains(Array(cold[2 * row..<2 * row + 2]))) }
    #expect(Set((0..<20).map { cold[2 * $0] }).count == 3)
  }

  /// A unit that never moves, and more components than different codes.
  @Test func survivesCodesThatLieInAPlane() throws {
    let codes = (0..<40).flatMap { row -> [Float] in [Float(row % 2) * 3, 7, Float(row % 2)] }
    let mixture = try GaussianMixture(fittedTo: codes, units: 3, components: 4, seed: 1)
    expectClose(mixture.weights, [0.5, 0.5])
    let draws = mixture.sample(count: 50, seed: 2)
    #expect(draws.allSatisfy { $0.isFinite })
    for row in 0..<50 { #expect(abs(draws[3 * row + 1] - 7) < 0.01) }
    #expect(mixture.logDensities(of: codes).allSatisfy { $0.isFinite })
  }

  @Test func refuses() {
    func message(_ codes: [Float]) -> String? {
      do throws(AnalysisError) {
        _ = try GaussianMixture(fittedTo: codes, units: 1, components: 3, seed: 1)
        return nil
      } catch { return error.description }
    }
    #expect(
      message([1, 2])
        == "mixture: expected at least 3 codes for 3 components, received 2; use fewer components"
    )
    #expect(
      message([1, 2, .nan])
        == "mixture: expected finite codes, received some that are not finite; check the model's "
        + "codes "
        + "with encode")
  }
}

@Suite struct CodePriorTests {
  /// Codes of 80 units that lie along two directions, none of them negative.
  private var codes: [Float] {
    let normals = Philox(seed: 4, stream: .sampling).normals(count: 400)
    return (0..<200).flatMap { row in
      (0..<80).map { unit in
        let (a, b) = (normals[2 * row], normals[2 * row + 1])
        return max(0, 1 + a * Float(unit % 3) + 0.5 * b * Float(unit % 5))
      }
    }
  }

  /// Along principal components, as there are many units; no further than the codes go.
  @Test func manyUnits() throws {
    let prior = try CodePrior(fittedTo: codes, units: 80, components: 3, seed: 1)
    // Only fourteen units differ from each other and from a constant.
    #expect((2...64).contains(try #require(prior.componentCount)) && prior.codeCount == 200)
    let draws = prior.sample(count: 300, seed: 2, temperature: 1)
    #expect(draws.count == 300 * 80)
    #expect(prior.sample(count: 7, seed: 2, temperature: 1) == Array(draws.prefix(7 * 80)))
    var (given, drawn) = (CodeStatistics(units: 80), CodeStatistics(units: 80))
    given.add(codes)
    drawn.add(draws)
    for unit in 0..<80 {
      #expect(drawn.smallest[unit] >= 0 && drawn.largest[unit] <= given.largest[unit])
      // Of 300 draws a mean is within four standard errors, and what clamping moves.
      #expect(abs(drawn.means[unit] - given.means[unit]) < 0.35 * given.deviations[unit] + 1e-6)
    }
  }

  @Test func fewUnits() throws {
    let prior = try CodePrior(fittedTo: codes, units: 2, components: 2, seed: 1)
    #expect(prior.componentCount == nil)
    let cold = prior.sample(count: 20, seed: 2, temperature: 0)
    #expect(Set((0..<20).map { cold[2 * $0] }).count <= 2)
  }
}
