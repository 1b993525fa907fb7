/// What is done to an example's values before a network sees them, as numbers that a device can
/// apply: feature `f` of value `x` becomes `(scale · x − shift[f]) · factor[f]`.
///
/// Computed in `Double` from the training examples that are used, after `--limit`.
package struct Normalization: Hashable, Sendable {
  package let kind: Kind
  package let scale: Double
  /// `[features]`; empty where nothing is subtracted.
  package let shift: [Double]
  /// `[features]`; empty where it is 1.
  package let factor: [Double]

  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Values as they are; bytes from 0 to 255.
    case none
    /// `x / 255`.
    case divideBy255
    /// Less the mean of each feature; bytes over 255 first.
    case meanImage
    /// Mean 0 and variance 1 for each feature (over N); one that never changes becomes 0.
    case standardise
  }

  package init(_ kind: Kind, of training: Examples) {
    self.kind = kind
    let scale = if case .bytes = training.elements { 1.0 / 255 } else { 1.0 }
    switch kind {
    case .none:
      (self.scale, shift, factor) = (1, [], [])
    case .divideBy255:
      (self.scale, shift, factor) = (1.0 / 255, [], [])
    case .meanImage:
      (self.scale, shift, factor) = (scale, Self.means(training).map { $0 * scale }, [])
    case .standardise:
      let means = Self.means(training)
      self.scale = scale
      shift = means.map { $0 * scale }
      factor = Self.variances(training, means).map { $0 > 0 ? 1 / ($0.squareRoot() * scale) : 1 }
    }
  }

  /// What data of this kind is given where a recipe says nothing: bytes become 0 to 1, floats stay.
  package static func standard(for examples: Examples) -> Kind {
    if case .bytes = examples.elements { .divideBy255 } else { .none }
  }

  /// The examples' values as the network sees them, `[count, features]`.
  package func apply(to examples: Examples) -> [Float] {
    switch examples.elements {
    case .bytes(let bytes): map(bytes, examples.featureCount) { Double($0) }
    case .floats(let floats): map(floats, examples.featureCount) { Double($0) }
    }
  }

  private func map<Value>(
    _ values: [Value], _ features: Int, _ double: (Value) -> Double
  ) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for start in stride(from: 0, to: values.count, by: features) {
      for feature in 0..<features {
        var value = double(values[start + feature]) * scale
        if !shift.isEmpty { value -= shift[feature] }
        if !factor.isEmpty { value *= factor[feature] }
        result[start + feature] = Float(value)
      }
    }
    return result
  }

  /// Shift and factor undone, so that values are on the scale of pictures again: 0 to 1 for bytes,
  /// the mean image added back.
  package func undo(_ values: [Float], featureCount: Int) -> [Float] {
    var result = values
    for index in values.indices {
      let feature = index % featureCount
      var value = Double(values[index])
      if !factor.isEmpty { value /= factor[feature] }
      if !shift.isEmpty { value += shift[feature] }
      result[index] = Float(value)
    }
    return result
  }

  private static func means(_ examples: Examples) -> [Double] {
    sums(examples) { value, _ in value }
  }

  /// Two passes: the mean is known, so that nothing cancels.
  private static func variances(_ examples: Examples, _ means: [Double]) -> [Double] {
    sums(examples) { value, feature in (value - means[feature]) * (value - means[feature]) }
  }

  /// The mean over the examples of a term of each feature.
  private static func sums(
    _ examples: Examples, _ term: (Double, _ feature: Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: examples.featureCount)
    func add<Value>(_ values: [Value], _ double: (Value) -> Double) {
      for start in stride(from: 0, to: values.count, by: sums.count) {
        for feature in sums.indices {
          sums[feature] += term(double(values[start + feature]), feature)
        }
      }
    }
    switch examples.elements {
    case .bytes(let bytes): add(bytes) { Double($0) }
    case .floats(let floats): add(floats) { Double($0) }
    }
    return sums.map { $0 / Double(max(examples.count, 1)) }
  }
}
