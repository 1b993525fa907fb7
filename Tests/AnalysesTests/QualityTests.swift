import Analyses
import Testing

@Suite struct StructuralSimilarityTests {
  /// `((i² (7 + k) + 13 i + 5 k) mod 101) / 100`.
  private func image(_ count: Int, _ k: Int) -> [Float] {
    (0..<count).map { Float(($0 * $0 * (7 + k) + $0 * 13 + k * 5) % 101) / 100 }
  }

  /// scikit-image's `structural_similarity(gaussian_weights=True, sigma=1.5,
  /// use_sample_covariance=False)`; below 11 pixels, where it refuses, the formula by numpy.
  @Test(arguments: [
    ([28, 28, 1], 1.0, 0.7775701422610134), ([11, 13, 3], 1, 0.7736087163413106),
    ([16, 12, 1], 255, 0.7738929843017769), ([8, 8, 1], 1, 0.7583707228671258),
    ([3, 5, 1], 1, 0.6873743729501167), ([1, 4, 1], 1, 0.6258044443316803),
  ])
  func agreesWithScikitImage(shape: [Int], range: Double, expected: Double) {
    let count = shape.reduce(1, *)
    let first = image(count, 0).map { $0 * Float(range) }
    let second = zip(image(count, 0), image(count, 1)).map {
      Float((0.6 * Double($0) + 0.4 * Double($1)) * range)
    }
    let similarity = StructuralSimilarity(shape: shape, range: range)
    // The images themselves are rounded to 32 bits.
    expectClose(similarity(first, second), [expected], tolerance: 1e-6)
  }

  @Test func equalImagesAndSeveral() {
    let similarity = StructuralSimilarity(shape: [12, 12, 1], range: 1)
    let (a, b) = (image(144, 0), image(144, 3))
    let both = similarity(a + a, a + b)
    #expect(both[0] == 1)
    #expect(both[1] == similarity(a, b)[0] && both[1] < 0.5)
  }

  @Test func windowFitsTheImage() {
    let windows = [1, 2, 3, 10, 11, 28].map {
      StructuralSimilarity(shape: [$0, 40, 1], range: 1).window
    }
    #expect(windows == [1, 1, 3, 9, 11, 11])
  }
}

@Suite struct ExampleErrorTests {
  @Test func meanSquared() {
    let errors = ExampleErrors.meanSquared([1, 2, 3, 4], [1, 4, 3, 3], featureCount: 2)
    #expect(errors == [2, 0.5])
  }

  /// numpy, the last probability being exactly 1.
  @Test func crossEntropyOfProbabilities() {
    let errors = ExampleErrors.crossEntropy(
      [0, 1, 0.25, 1], probabilities: [0.2, 0.9, 0.6, 1], featureCount: 4)
    expectClose(errors, [0.2858571467011929])
    #expect(ExampleErrors.crossEntropy([0], probabilities: [1], featureCount: 1) == [100])
    #expect(ExampleErrors.crossEntropy([1], probabilities: [0], featureCount: 1) == [100])
  }

  @Test func crossEntropyOfLogits() {
    let errors = ExampleErrors.crossEntropy(
      [0, 1, 0.25, 1], logits: [-3, 2.5, 0.75, 60], featureCount: 4)
    expectClose(errors, [0.2692120229952979])
    #expect(ExampleErrors.crossEntropy([0], logits: [1e4], featureCount: 1) == [1e4])
  }
}

@Suite struct ReconstructionQualityTests {
  @Test func imagesInTwoBatches() {
    var quality = ReconstructionQuality(featureCount: 4, imageShape: [2, 2, 1], range: 1)
    quality.add(originals: [0, 1, 0.5, 1], reconstructions: [0, 1, 0.5, 1])
    quality.add(
      originals: [0, 1, 0.5, 1, 0, 0, 0, 0], reconstructions: [0.2, 1, 0.5, 0.8, 0, 0, 0, 0.2])
    #expect(quality.exampleCount == 3)
    // 0.12 over 12 values is 20 dB.
    expectClose(
      [quality.meanSquaredError, quality.peakSignalToNoise!], [0.01, 20], tolerance: 1e-6)
    #expect(quality.similarityWindow == 1 && quality.structuralSimilarity! < 1)
    #expect(quality.crossEntropyOfExample! == 4 * quality.crossEntropy!)
  }

  @Test func crossEntropyOnlyOfShares() {
    var quality = ReconstructionQuality(featureCount: 2, imageShape: nil, range: 1)
    quality.add(originals: [0, 1], reconstructions: [0.5, 0.5], logits: [0, 0])
    expectClose([quality.crossEntropy!], [0.6931471805599453])
    quality.add(originals: [0, 1], reconstructions: [0.5, 1.5])
    quality.add(originals: [0, 1], reconstructions: [0.5, 0.5])
    #expect(quality.crossEntropy == nil && quality.crossEntropyOfExample == nil)
    #expect(quality.peakSignalToNoise == nil && quality.structuralSimilarity == nil)
  }
}

@Suite struct ImageFillingTests {
  @Test func repeatsTheEdgesAndCutsThemOff() {
    let filling = ImageFilling([2, 1, 2], to: [3, 2, 2])
    let filled = filling.fill([1, 2, 3, 4, 5, 6, 7, 8])
    #expect(
      filled == [1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4] + [5, 6, 5, 6, 7, 8, 7, 8, 7, 8, 7, 8])
    #expect(filling.cut(filled) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(ImageFilling([1, 2, 1], to: [1, 2, 1]).fill([3, 4]) == [3, 4])
  }
}
