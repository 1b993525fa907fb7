import Glibc

/// How far reconstructions lie from their originals, one number an example, in `Double`.
///
/// `originals` and `reconstructions` are `[N, features]` throughout.
package enum ExampleErrors {
  /// The mean over an example's features of `(x − y)²`. Here and below originals that are NaN are
  /// missing and do not count; an example without any has no error.
  package static func meanSquared(
    _ originals: [Float], _ reconstructions: [Float], featureCount: Int
  ) -> [Double] {
    mean(.squared, originals, reconstructions, featureCount: featureCount)
  }

  /// The same of any measure.
  package static func mean(
    _ measure: ErrorMeasure, _ originals: [Float], _ reconstructions: [Float], featureCount: Int
  ) -> [Double] {
    means(originals, reconstructions, featureCount) { target, value in measure(value, target) }
  }

  /// Binary cross-entropy in nats, a mean over an example's values:
  /// `−x log p − (1 − x) log(1 − p)` of originals in 0…1 and probabilities p.
  ///
  /// A logarithm is no smaller than −100, as in PyTorch and in the loss that is trained: a
  /// probability of exactly 0 or 1, which a sigmoid in 32 bits reaches, costs 100 nats at most.
  package static func crossEntropy(
    _ originals: [Float], probabilities: [Float], featureCount: Int
  ) -> [Double] {
    means(originals, probabilities, featureCount) { target, p in
      -target * max(log(p), -100) - (1 - target) * max(log1p(-p), -100)
    }
  }

  /// The same of `p = sigmoid(z)`, exact for logits of any size: `max(z, 0) − x z + log(1 + e^−|z|)`.
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
      originals.count == values.count && originals.count % featureCount == 0, "whole rows of both")
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
