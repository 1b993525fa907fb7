import Analyses
import Testing

@Suite struct LatentTests {
  /// numpy.
  @Test func divergenceAndActiveUnits() {
    var statistics = LatentStatistics(units: 2)
    statistics.add(means: [0.5, 0.01, -1.25, 0.02], logVariances: [-1, 0, -2.5, 0.1])
    statistics.add(means: [2, 0], logVariances: [0.5, -0.05])
    expectClose(statistics.divergenceByUnit, [1.318530951749245, 0.0011500571245106062])
    #expect(statistics.activeUnits == 1)
    expectClose(statistics.means.means, [0.4166666666666667, 0.009999999776482582])
    expectClose(statistics.means.variances, [1.763888888888889, 6.666666368643447e-05])
    expectClose(statistics.means.deviations, [1.3281147875424357, 0.008164965626776053])
    #expect(statistics.means.smallest == [-1.25, 0])
    #expect(statistics.means.largest == [2, Double(Float(0.02))])
  }

  /// `scipy.special.logsumexp`, where `exp` alone would give 0.
  @Test func logMeanExp() {
    var mean = LogMeanExp()
    #expect(mean.value == -.infinity)
    for x in [-1000, -1001.5, -999.25, -1400] { mean.add(x) }
    expectClose([mean.value], [-1000.1802845798126])
    #expect(mean.count == 4)
  }

  @Test func logMeanExpAtTheEnds() {
    var mean = LogMeanExp()
    mean.add(-.infinity)
    mean.add(-.infinity)
    #expect(mean.value == -.infinity)
    mean.add(2)
    expectClose([mean.value], [0.9013877113318902])
    mean.add(.nan)
    #expect(mean.value.isNaN)
  }
}

@Suite struct CodePathTests {
  @Test func linear() {
    #expect(CodePaths.linear(from: [0, 4], to: [2, 0], steps: 3) == [0, 4, 1, 2, 2, 0])
  }

  /// numpy.
  @Test func spherical() {
    let path = CodePaths.spherical(from: [1, 2, -1], to: [0.5, -1, 2], steps: 4)
    expectClose(
      path.map(Double.init),
      [
        1.0, 2.0, -1.0, 1.710701025828019, 1.681146507206362, 0.46461840473407584,
        1.507946342082638, 0.46461840473407584, 1.681146507206362, 0.5, -1.0, 2.0,
      ], tolerance: 1e-6)
  }

  /// Without one arc between them.
  @Test(
    arguments: [([1, 2], [2, 4]), ([1, 0], [-3, 0]), ([0, 0], [1, 5])] as [([Float], [Float])])
  func sphericalFallsBack(a: [Float], b: [Float]) {
    #expect(
      CodePaths.spherical(from: a, to: b, steps: 5) == CodePaths.linear(from: a, to: b, steps: 5))
  }

  @Test func traversals() {
    var statistics = CodeStatistics(units: 2)
    statistics.add([0, 10, 4, 10])
    // Means 2 and 10, deviations 2 and 0.
    #expect(
      CodePaths.traversals(of: [7, 8], in: statistics, steps: 3)
        == [-4, 8, 2, 8, 8, 8, 7, 10, 7, 10, 7, 10])
  }

  @Test func plane() {
    #expect(CodePaths.plane([0, 1, 2], [5, 6]) == [0, 6, 1, 6, 2, 6, 0, 5, 1, 5, 2, 5])
    #expect(CodePaths.span(from: -1, to: 2, count: 4) == [-1, 0, 1, 2])
    #expect(CodePaths.span(from: -1, to: 2, count: 1) == [0.5])
  }

  /// `scipy.stats.norm.ppf`.
  @Test func normalQuantiles() {
    expectClose(
      CodePaths.normalQuantiles(count: 5),
      [-1.2815515655446004, -0.5244005127080409, 0, 0.5244005127080407, 1.2815515655446004])
    expectClose([CodePaths.normalQuantiles(count: 1000)[0]], [-3.2905267314918945])
  }
}
