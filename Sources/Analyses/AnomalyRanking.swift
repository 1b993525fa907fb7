/// How well scores rank anomalies above normal examples; a higher score is worse.
///
/// All three depend on the order of the scores alone, and on no threshold. Examples of one score
/// are never told apart: the order of the input changes nothing.
package struct AnomalyRanking: Hashable, Sendable {
  /// The area under the receiver operating characteristic: the chance that an anomaly scores above
  /// a normal example, `(wins + ties / 2) / (anomalies · normals)`. 0.5 is chance. Fawcett, *An
  /// introduction to ROC analysis* (2006), section 7.
  package let rocAUC: Double
  /// `Σ (Rₙ − Rₙ₋₁) Pₙ` over the distinct scores from the highest down, `P` the precision and `R`
  /// the recall of all examples that score as high; not interpolated, as scikit-learn has it.
  package let averagePrecision: Double
  /// The share of anomalies among the n highest scores, n the number of anomalies. Examples that
  /// tie for the last of those places count by the share of anomalies among them.
  package let precisionAtN: Double

  /// - `scores`: `[N]`, finite. `isAnomalous`: `[N]`.
  /// - Returns: `nil` where there are no anomalies or nothing else, so that there is nothing to
  ///   rank.
  package init?(scores: [Double], isAnomalous: [Bool]) {
    precondition(scores.count == isAnomalous.count, "a label to each score")
    precondition(scores.allSatisfy(\.isFinite), "scores are finite")
    let anomalies = isAnomalous.count { $0 }
    let normals = isAnomalous.count - anomalies
    guard anomalies > 0, normals > 0 else { return nil }

    // Groups of one score, from the highest down.
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
