import Analyses
import Testing

@Suite struct AnomalyRankingTests {
  /// scikit-learn's `roc_auc_score` and `average_precision_score`; ties across the labels.
  @Test func agreesWithScikitLearn() throws {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.8, 0.05, 0.4]
    let labels = [false, false, true, true, true, false, false, true, false, false]
    let ranking = try #require(AnomalyRanking(scores: scores, isAnomalous: labels))
    expectClose([ranking.rocAUC], [0.7083333333333334])
    expectClose([ranking.averagePrecision], [0.6011904761904762])
    // Two of the four highest, and a third of the three that tie for the last place.
    expectClose([ranking.precisionAtN], [(2 + 1.0 / 3) / 4])
  }

  /// PyOD's `precision_n_scores` where nothing ties.
  @Test func precisionAtN() throws {
    let ranking = try #require(
      AnomalyRanking(scores: [3, 1, 2, 5, 4], isAnomalous: [false, false, true, true, false]))
    expectClose([ranking.rocAUC, ranking.averagePrecision], [0.6666666666666666, 0.75])
    #expect(ranking.precisionAtN == 0.5)
  }

  @Test func oneScoreForAllIsChance() throws {
    let ranking = try #require(
      AnomalyRanking(scores: [1, 1, 1, 1], isAnomalous: [true, false, false, true]))
    #expect(ranking.rocAUC == 0.5)
    #expect(ranking.averagePrecision == 0.5)
    #expect(ranking.precisionAtN == 0.5)
  }

  @Test func perfectAndReversed() throws {
    let labels = [false, false, true]
    let perfect = try #require(AnomalyRanking(scores: [0, 1, 2], isAnomalous: labels))
    #expect([perfect.rocAUC, perfect.averagePrecision, perfect.precisionAtN] == [1, 1, 1])
    let reversed = try #require(AnomalyRanking(scores: [2, 1, 0], isAnomalous: labels))
    #expect(reversed.rocAUC == 0 && reversed.precisionAtN == 0)
  }

  @Test func nothingToRank() {
    #expect(AnomalyRanking(scores: [1, 2], isAnomalous: [false, false]) == nil)
    #expect(AnomalyRanking(scores: [1, 2], isAnomalous: [true, true]) == nil)
    #expect(AnomalyRanking(scores: [], isAnomalous: []) == nil)
  }
}

@Suite struct AnomalyThresholdTests {
  private let scores = [0.3, -1.2, 5.5, 2.25, 0.9, 7.125, 3.0]

  /// `numpy.percentile` of the scores.
  @Test(arguments: [
    (0.0, -1.2), (0.1, -0.2999999999999999), (0.37, 1.1969999999999996), (0.5, 2.25), (0.9, 6.15),
    (1.0, 7.125),
  ])
  func quantiles(share: Double, expected: Double) {
    expectClose([Quantile(of: scores).value(at: share)], [expected])
    expectClose([AnomalyThreshold.quantile(share).value(among: scores)], [expected])
  }

  @Test func kinds() {
    expectClose([AnomalyThreshold.usual.value(among: scores)], [6.15])
    expectClose([AnomalyThreshold.contamination(0.5).value(among: scores)], [2.25])
    let given = AnomalyThreshold.score(4).value(among: noScores())
    #expect(given == 4)
    #expect(Quantile(of: [7]).value(at: 0.3) == 7)
    #expect(Quantile(of: [1, .infinity, .infinity]).value(at: 0.75) == .infinity)
  }

  /// A given score asks for no others.
  private func noScores() -> [Double] { fatalError("nobody asked for scores") }
}

@Suite struct WorstFeatureTests {
  @Test func largestFirst() {
    let original: [Float] = [9, 1, 2, 3, 4, 9]
    let other: [Float] = [9, 1, 5, 3, 1, 7]
    let worst = WorstFeature.of(original[0..<6], other[0..<6], count: 2)
    // Features 2 and 4 are equally wrong.
    #expect(worst.map(\.index) == [2, 4])
    #expect(worst.map(\.squaredError) == [9, 9])
    // Those that are right are no answer; slices count from their own start.
    #expect(WorstFeature.of(original[1...], other[1...], count: 9).map(\.index) == [1, 3, 4])
    #expect(WorstFeature.of(original[0..<2], other[0..<2], count: 3).isEmpty)
  }
}

@Suite struct AnomalousLabelTests {
  @Test func rarerOfTwo() throws {
    let rarer = try #require(try AnomalousLabel.rarer.find(in: [3, 1, 1], names: nil))
    #expect(rarer.name == "3" && rarer.isAnomalous == [true, false, false])
    // Equally rare: the later.
    #expect(try AnomalousLabel.rarer.find(in: [0, 1], names: ["n", "y"])?.name == "y")
    #expect(try AnomalousLabel.rarer.find(in: [0, 1, 2], names: nil) == nil)
    #expect(try AnomalousLabel.rarer.find(in: [0, 0], names: nil) == nil)
  }

  @Test func named() throws {
    let names = ["no", "1", "yes"]
    let yes = try #require(try AnomalousLabel.named("yes").find(in: [0, 2, 1], names: names))
    #expect(yes.isAnomalous == [false, true, false])
    // A name goes before a number.
    let one = try #require(try AnomalousLabel.named("1").find(in: [0, 2, 1], names: names))
    #expect(one.isAnomalous == [false, false, true])
    let two = try #require(try AnomalousLabel.named("2").find(in: [0, 2, 1], names: names))
    #expect(two.isAnomalous == [false, true, false])
    do throws(AnalysisError) {
      _ = try AnomalousLabel.named("maybe").find(in: [0, 2], names: names)
      Issue.record("found a label that is none")
    } catch {
      #expect(error.description == "label: expected one of no, yes, received maybe")
    }
  }
}
