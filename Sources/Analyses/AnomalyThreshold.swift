/// The score above which an example counts as anomalous, chosen from the scores of the data that
/// trained. An example is anomalous where its score is greater than the threshold, as in PyOD.
package enum AnomalyThreshold: Hashable, Sendable {
  /// The share of anomalies that is expected in the data that trained, 0 to 0.5: the threshold is
  /// the percentile `100 (1 − c)` of their scores, PyOD's `threshold_`.
  case contamination(Double)
  /// This quantile of their scores, 0 to 1.
  case quantile(Double)
  /// This score.
  case score(Double)

  /// Without anything else said, PyOD's.
  package static let usual = AnomalyThreshold.contamination(0.1)

  /// - `scores`: of the data that trained, at least one; not looked at where a score is given.
  package func value(among scores: @autoclosure () throws -> [Double]) rethrows -> Double {
    switch self {
    case .contamination(let share): Quantile(of: try scores()).value(at: 1 - share)
    case .quantile(let share): Quantile(of: try scores()).value(at: share)
    case .score(let score): score
    }
  }
}

/// Quantiles of a sample, linear between its order statistics: `numpy.quantile`'s own method, type 7
/// of Hyndman and Fan, *Sample Quantiles in Statistical Packages* (1996).
package struct Quantile: Hashable, Sendable {
  private let sorted: [Double]

  /// - `sample`: at least one number, none of them NaN.
  package init(of sample: [Double]) {
    precondition(!sample.isEmpty, "an empty sample has no quantiles")
    sorted = sample.sorted()
  }

  /// The value below which a share `share`, 0 to 1, of the sample lies:
  /// `x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋])` with `h = share · (N − 1)`.
  package func value(at share: Double) -> Double {
    precondition((0...1).contains(share), "a share is from 0 to 1")
    let place = share * Double(sorted.count - 1)
    let lower = Int(place)
    let upper = min(lower + 1, sorted.count - 1)
    // No difference is added where there is none: of two infinite scores it would be NaN.
    guard sorted[lower] < sorted[upper] else { return sorted[lower] }
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}
