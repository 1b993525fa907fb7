/// Rows of a series, one after the other, whose scores all lie above a threshold.
package struct AnomalousRange: Encodable, Hashable, Sendable {
  package let first: Int
  package let last: Int
  /// The row of the highest score.
  package let peak: Int
  /// That score.
  package let score: Double

  /// All of them, in order. A row without a score ends one.
  package static func all(in scores: [Double?], above threshold: Double) -> [AnomalousRange] {
    var ranges: [AnomalousRange] = []
    for (row, score) in scores.enumerated() {
      guard let score, score > threshold else { continue }
      if let open = ranges.last, open.last == row - 1 {
        let isHigher = score > open.score
        ranges[ranges.count - 1] = AnomalousRange(
          first: open.first, last: row, peak: isHigher ? row : open.peak,
          score: isHigher ? score : open.score)
      } else {
        ranges.append(AnomalousRange(first: row, last: row, peak: row, score: score))
      }
    }
    return ranges
  }
}
