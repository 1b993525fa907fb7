/// The score above which an example is anomalous, computed from the scores of the training data. An
/// example is anomalous if its score is greater than the threshold, as in PyOD.
package enum AnomalyThreshold: Hashable, Sendable {
  /// The expected fraction of anomalies in the training data, 0 to 0.5: the threshold is the
  /// percentile `100 (1 − c)` of their scores, PyOD's `threshold_`.
  case contamination(Double)
  /// This quantile of their scores, 0 to 1.
  case quantile(Double)
  /// This score.
  case score(Double)

  /// The default, as in PyOD.
  package static let usual = AnomalyThreshold.contamination(0.1)

  /// - Parameter scores: the scores of the training data, at least one; not evaluated if a score is
  ///   given.
  package func value(among scores: @autoclosure () throws -> [Double]) rethrows -> Double {
    switch self {
    case .contamination(let share): Quantile(of: try scores()).value(at: 1 - share)
    case .quantile(let share): Quantile(of: try scores()).value(at: share)
    case .score(let score): score
    }
  }
}

/// Quantiles of a sample, with linear interpolation between its order statistics: the default
/// method of `numpy.quantile`, type 7 of Hyndman and Fan, *Sample Quantiles in Statistical
/// Packages* (1996).
package struct Quantile: Hashable, Sendable {
  private let sorted: [Double]

  /// - Parameter sample: at least one number, none of them NaN.
  package init(of sample: [Double]) {
    precondition(!sample.isEmpty, "quantiles need a sample")
    sorted = sample.sorted()
  }

  /// The value below which the fraction `share`, 0 to 1, of the sample lies:
  /// `x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋])` with `h = share · (N − 1)`.
  package func value(at share: Double) -> Double {
    precondition((0...1).contains(share), "a quantile must be from 0 to 1")
    let place = share * Double(sorted.count - 1)
    let lower = Int(place)
    let upper = min(lower + 1, sorted.count - 1)
    // If both are equal, nothing is added: for two infinite scores the difference would be NaN.
    guard sorted[lower] < sorted[upper] else { return sorted[lower] }
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}
