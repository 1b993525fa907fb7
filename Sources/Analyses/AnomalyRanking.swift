/// Measures how well scores rank anomalies above normal examples; a higher score is worse.
///
/// All three depend only on the order of the scores, not on a threshold. Examples with equal scores
/// count as a group, so the order of the input does not matter.
package struct AnomalyRanking: Hashable, Sendable {
  /// The area under the receiver operating characteristic: the probability that an anomaly has a
  /// higher score than a normal example, `(wins + ties / 2) / (anomalies · normals)`. 0.5 is
  /// chance. Fawcett, *An introduction to ROC analysis* (2006), section 7.
  package let rocAUC: Double
  /// `Σ (Rₙ − Rₙ₋₁) Pₙ` over the distinct scores in descending order, with precision `P` and recall
  /// `R` of all examples with at least this score; not interpolated, as in scikit-learn.
  package let averagePrecision: Double
  /// The fraction of anomalies among the n highest scores, where n is the number of anomalies.
  /// Examples with equal scores at the limit count by the fraction of anomalies among them.
  package let precisionAtN: Double

  /// - `scores`: `[N]`, finite. `isAnomalous`: `[N]`.
  /// - Returns: `nil` if there are only anomalies or none.
  package init?(scores: [Double], isAnomalous: [Bool]) {
    precondition(scores.count == isAnomalous.count, "one label per score is needed")
    precondition(scores.allSatisfy(\.isFinite), "scores must be finite")
    let anomalies = isAnomalous.count { $0 }
    let normals = isAnomalous.count - anomalies
    guard anomalies > 0, normals > 0 else { return nil }

    // Groups of equal scores, in descending order.
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (found, passed) = (0, 0)
    var (doubledWins, precisions, first) = (0.0, 0.0, 0.0)
    var start = 0
    while start < order.count {
      var end = start
      var hits = 0
      while end < order.count, scores[order[end]] == scores[order[start]] {
        hits += isAnomalous[order[end]] ? 1 : 0
        end += 1
      }
      let misses = end - start - hits
      doubledWins += Double(hits) * Double(2 * (normals - passed) - misses)
      let places = min(max(anomalies - start, 0), end - start)
      first += Double(hits) * Double(places) / Double(end - start)
      (found, passed) = (found + hits, passed + misses)
      precisions += Double(hits) * Double(found) / Double(end)
      start = end
    }
    rocAUC = doubledWins / (2 * Double(anomalies) * Double(normals))
    averagePrecision = precisions / Double(anomalies)
    precisionAtN = first / Double(anomalies)
  }
}
