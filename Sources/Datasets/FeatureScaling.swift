/// What is done to an example's values before a network sees them: feature `f` of value `x` becomes
/// `(scale · x − shift[f]) · factor[f]`, where `scale` is 1 for other numbers than bytes. A missing
/// value becomes `fill[f]` first, or stays NaN where there is no `fill`.
///
/// The features of a series' windows are the columns of its rows.
///
/// Computed in `Double` from the training examples that are used, after `--limit` and without those
/// held out for validation. Bytes and floats are scaled by the device as a batch is gathered, in
/// `Float`; doubles are scaled here, in `Double`, and rounded once (`scaled`).
package struct FeatureScaling: Hashable, Sendable {
  /// What bytes are multiplied by first.
  package let byteScale: Double
  /// The mean of each feature; empty where nothing is subtracted.
  package let shift: [Double]
  /// One over the deviation `√(Σ (x − mean)² / count)` of each feature, 1 for a feature that never
  /// changes; empty where it is 1 for all.
  package let factor: [Double]
  /// What takes the place of a missing value of each feature, before anything else is done: the mean
  /// of those that are there. Empty where missing values stay.
  package let fill: [Double]

  /// The constants that a run kept.
  package init(
    byteScale: Double = 1, shift: [Double] = [], factor: [Double] = [], fill: [Double] = []
  ) {
    self.byteScale = byteScale
    self.shift = shift
    self.factor = factor
    self.fill = fill
  }

  /// - Parameters:
  ///   - shift: whether the mean of each feature is subtracted.
  ///   - factor: whether each feature's variance becomes 1.
  ///   - fillsMissing: whether the mean takes the place of missing values. They then count in the
  ///     variance, as values that do not differ from the mean; else only what is there counts.
  package init(
    _ training: Examples, byteScale: Double, shift: Bool, factor: Bool, fillsMissing: Bool = false
  ) {
    precondition(training.count > 0, "means are taken of examples")
    self.byteScale = byteScale
    guard shift || factor || fillsMissing else {
      (self.shift, self.factor, fill) = ([], [], [])
      return
    }
    // Of a series each row counts once, however many windows have it.
    let moments = FeatureMoments(training.storedRows, byteScale: byteScale)
    let means = moments.means
    self.shift = shift ? means : []
    fill = fillsMissing ? means : []
    self.factor =
      factor
      ? moments.deviations(fillsMissing: fillsMissing).map { deviation in
        let factor = 1 / deviation
        return deviation > 0 && factor.isFinite ? factor : 1
      } : []
  }

  /// The same, and where examples have missing values the mean of those that `training` has takes
  /// their place.
  /// - Parameter shown: other examples that may have some.
  package func filled(from training: Examples, for shown: Examples) -> FeatureScaling {
    guard training.hasMissing || shown.hasMissing else { return self }
    let means = FeatureScaling(
      training, byteScale: byteScale, shift: false, factor: false, fillsMissing: true)
    return FeatureScaling(
      byteScale: byteScale, shift: shift, factor: factor, fill: means.fill)
  }

  /// The examples' values as the network sees them, `[count, features]`; those of windows as often as
  /// windows have them.
  package func apply(to examples: Examples) -> [Float] {
    examples.windowed(applyOnce(to: examples))
  }

  /// The same, where examples are windows of each row of the series once.
  package func applyOnce(to examples: Examples) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(examples.elements.count)
    examples.storedRows.forEachValue(byteScale: byteScale) { value, feature in
      let filled = value.isNaN && !fill.isEmpty ? fill[feature] : value
      let shifted = shift.isEmpty ? filled : filled - shift[feature]
      result.append(Float(factor.isEmpty ? shifted : shifted * factor[feature]))
    }
    return result
  }

  /// The examples scaled, as floats, for a network that is told of no normalization.
  /// - Parameters:
  ///   - name: what a message calls the data.
  ///   - featureNames: what it calls the features.
  ///
  /// Throws where a value is too large for `Float`.
  package func scaled(
    _ examples: Examples, name: String, featureNames: [String]? = nil
  ) throws(DatasetError) -> Examples {
    let values = applyOnce(to: examples)
    if let index = values.firstIndex(where: \.isInfinite) {
      let (row, feature) = index.quotientAndRemainder(dividingBy: examples.rowSize)
      var original = 0.0
      examples.storedRows[row..<row + 1].forEachValue(byteScale: 1) {
        if $1 == feature { original = $0 }
      }
      throw .unexpected(
        place: "\(name), row \(row + 1), column \(featureNames?[feature] ?? "\(feature + 1)")",
        expected: "values that fit 32-bit floats once they are scaled", received: "\(original)",
        advice: factor.isEmpty
          ? "set normalization to standard, which scales each column" : "correct it")
    }
    return examples.with(elements: .floats(values), labels: examples.labels)
  }

  /// The values as they were read, of numbers as the network has them: `x / factor + shift`.
  /// - Parameter values: `[N, features]`.
  package func restored(_ values: [Float]) -> [Double] {
    guard !shift.isEmpty || !factor.isEmpty else { return values.map(Double.init) }
    let count = max(shift.count, factor.count)
    return values.enumerated().map { index, value in
      let feature = index % count
      let unscaled = factor.isEmpty ? Double(value) : Double(value) / factor[feature]
      return shift.isEmpty ? unscaled : unscaled + shift[feature]
    }
  }
}

extension Examples {
  /// Hands over every value with its feature's number, an example after the other.
  func forEachValue(
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
    case .doubles(let doubles): each(doubles) { $0 }
    }
  }
}
