import Glibc

/// What reconstructions are worth, over all examples that were added, batch after batch.
///
/// | number | over | only where |
/// |---|---|---|
/// | mean squared error | all values | |
/// | peak signal-to-noise ratio, dB | all values: `10 log₁₀(R² / MSE)` | examples are images |
/// | structural similarity | the images: the mean of theirs | examples are images |
/// | binary cross-entropy, nats | all values; or a sum over the values of an image | all values lie in 0…1 |
///
/// R is the range of the data's values. Originals that are NaN are missing: of each example what is
/// there counts.
package struct ReconstructionQuality: Hashable, Sendable {
  private let featureCount: Int
  private let range: Double
  private let similarity: StructuralSimilarity?
  private var squaredErrors = 0.0
  private var similarities = 0.0
  /// `nil` once a value was outside 0…1.
  private var crossEntropies: Double? = 0
  package private(set) var exampleCount = 0

  /// - Parameters:
  ///   - featureCount: values of one example.
  ///   - imageShape: `[H, W, C]`; `nil` where examples are no images.
  ///   - range: of their values; not looked at where they are none.
  package init(featureCount: Int, imageShape: [Int]?, range: Double) {
    self.featureCount = featureCount
    self.range = range
    similarity = imageShape.map { StructuralSimilarity(shape: $0, range: range) }
  }

  /// - Parameters:
  ///   - originals, reconstructions: `[N, features]`, as a person would look at them.
  ///   - logits: of the reconstructions, where they are a sigmoid's; cross-entropy is exact then.
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

  /// Infinite where nothing differs.
  package var peakSignalToNoise: Double? {
    similarity.map { _ in 10 * log10(range * range / meanSquaredError) }
  }

  package var structuralSimilarity: Double? {
    similarity.map { _ in similarities / Double(exampleCount) }
  }

  /// How wide the window of the structural similarity was.
  package var similarityWindow: Int? { similarity?.window }

  /// Nats to a value.
  package var crossEntropy: Double? { crossEntropies.map { $0 / Double(exampleCount) } }

  /// Nats to an example, a sum over its values.
  package var crossEntropyOfExample: Double? { crossEntropy.map { $0 * Double(featureCount) } }
}
