/// The scaling of an example before the network: feature `f` with value `x` becomes `(scale · x −
/// shift[f]) · factor[f]`, where `scale` is 1 for data other than bytes. A missing value is first
/// replaced by `fill[f]`, or stays NaN if there is no `fill`.
///
/// For windows of a series, the features are the columns of its rows.
///
/// It is computed in `Double` from the training examples, after `--limit` and without those held
/// out for validation. Bytes and floats are scaled by the device when a batch is gathered, in
/// `Float`; doubles, and data with missing values to fill in, are scaled here, in `Double`, and rounded
/// once (`scaled`).
package struct FeatureScaling: Hashable, Sendable {
  /// The factor for bytes.
  package let byteScale: Double
  /// The mean of each feature; empty if nothing is subtracted.
  package let shift: [Double]
  /// The reciprocal of the standard deviation `√(Σ (x − mean)² / count)` of each feature, 1 for a
  /// constant feature; empty if it is 1 for all.
  package let factor: [Double]
  /// The replacement for a missing value of each feature, before scaling: the mean of the other
  /// values. Empty if missing values stay.
  package let fill: [Double]

  /// The constants that a run stored.
  package init(
    byteScale: Double = 1, shift: [Double] = [], factor: [Double] = [], fill: [Double] = []
  ) {
    self.byteScale = byteScale
    self.shift = shift
    self.factor = factor
    self.fill = fill
  }

  /// - Parameters:
  /// - shift: whether to subtract the mean of each feature.
  /// - factor: whether to scale each feature to variance 1.
  ///   - fillsMissing: whether to replace missing values by the mean. They then count in the
  ///     variance as values equal to the mean; else they do not count.
  package init(
    _ training: Examples, byteScale: Double, shift: Bool, factor: Bool, fillsMissing: Bool = false
  ) {
    precondition(training.count > 0, "a mean needs examples")
    self.byteScale = byteScale
    guard shift || factor || fillsMissing else {
      (self.shift, self.factor, fill) = ([], [], [])
      return
    }
    if let stored = training.stored {
      guard let moments = stored.moments else { preconditionFailure(Examples.Elements.isStored) }
      self.shift = shift ? moments.means : []
      fill = fillsMissing ? moments.means : []
      self.factor = factor ? moments.deviations.map(Self.factor) : []
      return
    }
    // In a series, each row counts once, even if several windows contain it.
    let moments = FeatureMoments(training.storedRows, byteScale: byteScale)
    let means = moments.means
    self.shift = shift ? means : []
    fill = fillsMissing ? means : []
    self.factor =
      factor
      ? moments.deviations(fillsMissing: fillsMissing).map(Self.factor) : []
  }

  /// The factor of a feature with this deviation.
  private static func factor(_ deviation: Double) -> Double {
    let factor = 1 / deviation
    return deviation > 0 && factor.isFinite ? factor : 1
  }

  /// The same scaling. If the examples have missing values, they are replaced by the mean of
  /// `training`.
  /// - Parameter shown: other examples that may have missing values.
  package func filled(from training: Examples, for shown: Examples) -> FeatureScaling {
    guard training.hasMissing || shown.hasMissing else { return self }
    let means = FeatureScaling(
      training, byteScale: byteScale, shift: false, factor: false, fillsMissing: true)
    return FeatureScaling(
      byteScale: byteScale, shift: shift, factor: factor, fill: means.fill)
  }

  /// The examples as the network's input, `[count, features]`; rows in several windows are
  /// repeated.
  package func apply(to examples: Examples) -> [Float] {
    examples.windowed(applyOnce(to: examples))
  }

  /// The same, but for windows each row of the series once.
  package func applyOnce(to examples: Examples) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(examples.elements.count)
    examples.storedRows.forEachValue(byteScale: byteScale) { value, feature in
      result.append(scaled(value, feature))
    }
    return result
  }

  private func scaled(_ value: Double, _ feature: Int) -> Float {
    let filled = value.isNaN && !fill.isEmpty ? fill[feature] : value
    let shifted = shift.isEmpty ? filled : filled - shift[feature]
    return Float(factor.isEmpty ? shifted : shifted * factor[feature])
  }

  /// The same for whole rows of numbers that are already multiplied by `byteScale`.
  func apply(
    to values: UnsafeBufferPointer<Double>, rowSize: Int,
    into floats: UnsafeMutableBufferPointer<Float>
  ) {
    var index = 0
    while index < values.count {
      for feature in 0..<rowSize {
        floats[index] = scaled(values[index], feature)
        index += 1
      }
    }
  }

  /// The scaled examples as floats, for a network without normalization. Stored examples stay in
  /// their files, and are scaled as they are read.
  /// - Parameters:
  ///   - name: the name of the data in messages.
  ///   - featureNames: the names of the features in messages.
  ///
  /// Throws if a value is too large for `Float`.
  package func scaled(
    _ examples: Examples, name: String, featureNames: [String]? = nil
  ) throws(DatasetError) -> Examples {
    if let stored = examples.stored {
      let scaled = try stored.scaled(by: self) { (row, feature, value) in
        tooLarge(value, row: row, feature: feature, name: name, featureNames)
      }
      return examples.with(elements: .stored(scaled), labels: examples.labels)
    }
    let values = applyOnce(to: examples)
    if let index = values.firstIndex(where: \.isInfinite) {
      let (row, feature) = index.quotientAndRemainder(dividingBy: examples.rowSize)
      var original = 0.0
      examples.storedRows[row..<row + 1].forEachValue(byteScale: 1) {
        if $1 == feature { original = $0 }
      }
      throw tooLarge(original, row: row, feature: feature, name: name, featureNames)
    }
    return examples.with(elements: .floats(values), labels: examples.labels)
  }

  private func tooLarge(
    _ value: Double, row: Int, feature: Int, name: String, _ featureNames: [String]?
  ) -> DatasetError {
    .unexpected(
      place: "\(name), row \(row + 1), column \(featureNames?[feature] ?? "\(feature + 1)")",
      expected: "values that fit into 32-bit floats after scaling", received: "\(value)",
      advice: factor.isEmpty
        ? "set normalization to standard, which scales each column" : "correct it")
  }

  /// The values on the scale of the data, from values on the scale of the network: `x / factor +
  /// shift`.
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
  /// Calls the closure with every value and the index of its feature, example by example.
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
    case .stored: preconditionFailure(Examples.Elements.isStored)
    }
  }
}
