import Datasets

/// Consecutive rows of a series whose scores are all above a threshold.
package struct AnomalousRange: Encodable, Hashable, Sendable {
  package let first: Int
  package let last: Int
  /// The row with the highest score.
  package let peak: Int
  /// That score.
  package let score: Double
  /// The file of these rows, which are then counted from 0 in this file, if the series is from
  /// several files.
  package var file: String?

  /// All ranges, in order. A range ends at a row without a score and at the end of a stretch.
  package static func all(
    in scores: [Double?], above threshold: Double, stretches: [SeriesStretch]
  ) -> [AnomalousRange] {
    let starts = Set(stretches.map(\.start))
    var ranges: [AnomalousRange] = []
    for (row, score) in scores.enumerated() {
      guard let score, score > threshold else { continue }
      if let open = ranges.last, open.last == row - 1, !starts.contains(row) {
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

  /// The range with rows counted in their file, if there are several files.
  func located(in stretches: [SeriesStretch]) -> AnomalousRange {
    let place = stretches.place(of: first)
    let moved = place.row - first
    return AnomalousRange(
      first: place.row, last: last + moved, peak: peak + moved, score: score, file: place.file)
  }
}
