/// The features of an example with the largest reconstruction errors.
package struct WorstFeature: Hashable, Sendable {
  /// Its index in the example, counted from 0.
  package let index: Int
  /// `(x − y)²`.
  package let squaredError: Double

  /// The `count` largest squared errors of one example in descending order; of equal ones, the
  /// first feature comes first. Exactly reconstructed features are left out.
  /// - `original`, `reconstruction`: `[features]`.
  package static func of(
    _ original: ArraySlice<Float>, _ reconstruction: ArraySlice<Float>, count: Int
  ) -> [WorstFeature] {
    precondition(original.count == reconstruction.count, "both must have the same length")
    var worst: [WorstFeature] = []
    for (index, (x, y)) in zip(original, reconstruction).enumerated() {
      let error = (Double(x) - Double(y)) * (Double(x) - Double(y))
      guard error > (worst.count < count ? 0 : worst.last?.squaredError ?? .infinity) else {
        continue
      }
      let place = worst.firstIndex { $0.squaredError < error } ?? worst.count
      worst.insert(WorstFeature(index: index, squaredError: error), at: place)
      if worst.count > count { worst.removeLast() }
    }
    return worst
  }
}
