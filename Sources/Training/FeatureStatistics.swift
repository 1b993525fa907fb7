import Datasets
import Graphs

/// What a normalisation takes of the training examples: mean and deviation of each feature, in `Double`.
package struct FeatureStatistics: Hashable, Sendable {
  /// A value a feature.
  package let mean: [Double]
  /// The square root of the variance `Σ (x − mean)² / count`; a value a feature.
  package let deviation: [Double]

  /// - Parameter byteScale: what bytes are multiplied by first.
  package init(_ examples: Examples, byteScale: Double) {
    precondition(examples.count > 0, "a feed has examples")
    let features = examples.featureCount
    func moments(_ scale: Double, _ value: (Int) -> Double) -> (mean: [Double], deviation: [Double])
    {
      func mean(_ term: (_ value: Double, _ feature: Int) -> Double) -> [Double] {
        var sums = [Double](repeating: 0, count: features)
        for example in 0..<examples.count {
          for feature in 0..<features {
            sums[feature] += term(scale * value(example * features + feature), feature)
          }
        }
        return sums.map { $0 / Double(examples.count) }
      }
      let means = mean { value, _ in value }
      let variances = mean { value, feature in
        (value - means[feature]) * (value - means[feature])
      }
      return (means, variances.map { $0.squareRoot() })
    }
    (mean, deviation) =
      switch examples.elements {
      case .bytes(let bytes): moments(byteScale) { Double(bytes[$0]) }
      case .floats(let floats): moments(1) { Double(floats[$0]) }
      }
  }

  /// The values of a normalisation's inputs, by their names. A feature that is the same in all examples
  /// is only shifted.
  package var inputs: [String: [Double]] {
    ["shift": mean, "factor": deviation.map { $0 > 0 ? 1 / $0 : 1 }]
  }
}
