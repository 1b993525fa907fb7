import Glibc

/// Reconstruction errors, one number per example, in `Double`.
///
/// `originals` and `reconstructions` are always `[N, features]`.
package enum ExampleErrors {
  /// The mean of `(x − y)²` over an example's features. Originals that are NaN are missing and do
  /// not count; an example with only missing values has error 0.
  package static func meanSquared(
    _ originals: [Float], _ reconstructions: [Float], featureCount: Int
  ) -> [Double] {
    mean(.squared, originals, reconstructions, featureCount: featureCount)
  }

  /// The same for any measure.
  package static func mean(
    _ measure: ErrorMeasure, _ originals: [Float], _ reconstructions: [Float], featureCount: Int
  ) -> [Double] {
    means(originals, reconstructions, featureCount) { target, value in measure(value, target) }
  }

  /// Binary cross-entropy in nats, mean over an example's values: `−x log p − (1 − x) log(1 − p)`
  /// for originals from 0 to 1 and probabilities p.
  ///
  /// A logarithm is at least −100, as in PyTorch and in the training loss: a probability of exactly
  /// 0 or 1, which a 32-bit sigmoid can reach, costs at most 100 nats.
  package static func crossEntropy(
    _ originals: [Float], probabilities: [Float], featureCount: Int
  ) -> [Double] {
    means(originals, probabilities, featureCount) { target, p in
      -target * max(log(p), -100) - (1 - target) * max(log1p(-p), -100)
    }
  }

  /// The same for `p = sigmoid(z)`, exact for all logits: `max(z, 0) − x z + log(1 + e^−|z|)`.
  package static func crossEntropy(
    _ originals: [Float], logits: [Float], featureCount: Int
  ) -> [Double] {
    means(originals, logits, featureCount) { target, z in
      max(z, 0) - target * z + log1p(exp(-abs(z)))
    }
  }

  private static func means(
    _ originals: [Float], _ values: [Float], _ featureCount: Int,
    _ error: (_ target: Double, _ value: Double) -> Double
  ) -> [Double] {
    precondition(
      originals.count == values.count && originals.count % featureCount == 0,
      "both must be whole rows")
    return stride(from: 0, to: originals.count, by: featureCount).map { start in
      var (sum, count) = (0.0, 0)
      for index in start..<start + featureCount where !originals[index].isNaN {
        sum += error(Double(originals[index]), Double(values[index]))
        count += 1
      }
      return sum / Double(max(count, 1))
    }
  }
}
