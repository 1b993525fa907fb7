import Glibc

/// The quality of reconstructions, over all added examples.
///
/// | measure | over | condition |
/// |---|---|---|
/// | mean squared error | all values | |
/// | peak signal-to-noise ratio, dB | all values: `10 log₁₀(R² / MSE)` | examples are images |
/// | structural similarity | the mean over the images | examples are images |
/// | binary cross-entropy, nats | all values; or the sum over an image | all values are from 0 to 1
/// |
///
/// R is the range of the data's values. Originals that are NaN are missing and do not count.
package struct ReconstructionQuality: Hashable, Sendable {
  private let featureCount: Int
  private let range: Double
  private let similarity: StructuralSimilarity?
  private var squaredErrors = 0.0
  private var similarities = 0.0
  /// `nil` after a value outside of 0 to 1.
  private var crossEntropies: Double? = 0
  package private(set) var exampleCount = 0

  /// - Parameters:
  ///   - featureCount: values per example.
  ///   - imageShape: `[H, W, C]`; `nil` if the examples are not images.
  ///   - range: the range of their values; only used for images.
  package init(featureCount: Int, imageShape: [Int]?, range: Double) {
    self.featureCount = featureCount
    self.range = range
    similarity = imageShape.map { StructuralSimilarity(shape: $0, range: range) }
  }

  /// - Parameters:
  ///   - originals, reconstructions: `[N, features]`, on the scale of the data.
  /// - logits: of the reconstructions, if these are the output of a sigmoid; cross-entropy is then
  ///   exact.
  package mutating func add(
    originals: [Float], reconstructions: [Float], logits: [Float]? = nil
  ) {
    let errors = ExampleErrors.meanSquared(
      originals, reconstructions, featureCount: featureCount)
    exampleCount += errors.count
    squaredErrors += errors.reduce(0, +)
    if let similarity { similarities += similarity(originals, reconstructions).reduce(0, +) }
    guard let before = crossEntropies else { return }
    let isShare = { (value: Float) in value >= 0 && value <= 1 }
    guard originals.allSatisfy({ isShare($0) || $0.isNaN }), reconstructions.allSatisfy(isShare)
    else {
      crossEntropies = nil
      return
    }
    let entropies =
      logits.map { ExampleErrors.crossEntropy(originals, logits: $0, featureCount: featureCount) }
      ?? ExampleErrors.crossEntropy(
        originals, probabilities: reconstructions, featureCount: featureCount)
    crossEntropies = before + entropies.reduce(0, +)
  }

  package var meanSquaredError: Double { squaredErrors / Double(exampleCount) }

  /// Infinite if all values are equal.
  package var peakSignalToNoise: Double? {
    similarity.map { _ in 10 * log10(range * range / meanSquaredError) }
  }

  package var structuralSimilarity: Double? {
    similarity.map { _ in similarities / Double(exampleCount) }
  }

  /// The window width of the structural similarity.
  package var similarityWindow: Int? { similarity?.window }

  /// Nats per value.
  package var crossEntropy: Double? { crossEntropies.map { $0 / Double(exampleCount) } }

  /// Nats per example, the sum over its values.
  package var crossEntropyOfExample: Double? { crossEntropy.map { $0 * Double(featureCount) } }
}
