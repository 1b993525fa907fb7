/// What is done to an example's values before a network sees them, as numbers that a device can
/// apply: feature `f` of value `x` becomes `(scale · x − shift[f]) · factor[f]`, where `scale` is 1
/// for other numbers than bytes.
///
/// Computed in `Double` from the training examples that are used, after `--limit`.
package struct FeatureScaling: Hashable, Sendable {
  /// What bytes are multiplied by first.
  package let byteScale: Double
  /// The mean of each feature; empty where nothing is subtracted.
  package let shift: [Double]
  /// One over the deviation `√(Σ (x − mean)² / count)` of each feature, 1 for a feature that never
  /// changes; empty where it is 1 for all.
  package let factor: [Double]

  /// - Parameters:
  ///   - shift: whether the mean of each feature is subtracted.
  ///   - factor: whether each feature's variance becomes 1.
  package init(_ training: Examples, byteScale: Double, shift: Bool, factor: Bool) {
    precondition(training.count > 0, "means are taken of examples")
    self.byteScale = byteScale
    guard shift || factor else {
      (self.shift, self.factor) = ([], [])
      return
    }
    func mean(_ term: (_ value: Double, _ feature: Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: training.featureCount)
      training.forEachValue(byteScale: byteScale) { value, feature in
        sums[feature] += term(value, feature)
      }
      return sums.map { $0 / Double(training.count) }
    }
    // The first example and the mean of what differs from it, so that a feature which never changes
    // has exactly its value for a mean, and no variance but 0.
    var first: [Double] = []
    training.prefix(1).forEachValue(byteScale: byteScale) { value, _ in first.append(value) }
    let means = zip(first, mean { value, feature in value - first[feature] }).map { $0 + $1 }
    self.shift = shift ? means : []
    self.factor =
      factor
      // A second pass, in which the mean is known, so that nothing cancels.
      ? mean { value, feature in (value - means[feature]) * (value - means[feature]) }
        .map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
      : []
  }

  /// The examples' values as the network sees them, `[count, features]`.
  package func apply(to examples: Examples) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(examples.count * examples.featureCount)
    examples.forEachValue(byteScale: byteScale) { value, feature in
      let shifted = shift.isEmpty ? value : value - shift[feature]
      result.append(Float(factor.isEmpty ? shifted : shifted * factor[feature]))
    }
    return result
  }
}

extension Examples {
  /// Hands over every value with its feature's number, an example after the other.
  fileprivate func forEachValue(
    byteScale: Double, _ body: (_ value: Double, _ feature: Int) -> Void
  ) {
    let featureCount = featureCount
    func each<Element>(_ elements: [Element], _ value: (Element) -> Double) {
      for start in stride(from: 0, to: elements.count, by: featureCount) {
        for feature in 0..<featureCount { body(value(elements[start + feature]), feature) }
      }
    }
    switch elements {
    case .bytes(let bytes): each(bytes) { byteScale * Double($0) }
    case .floats(let floats): each(floats) { Double($0) }
    }
  }
}
