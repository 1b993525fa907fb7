import Datasets
import Randoms
import Testing

@Suite struct NormalizationTests {
  static let bytes = Examples(count: 2, shape: [3], elements: .bytes([0, 255, 51, 102, 255, 0]))
  static let floats = Examples(count: 3, shape: [2], elements: .floats([1, 5, 3, 5, 8, 5]))

  @Test func leavesValuesAlone() {
    let none = Normalization(.none, of: Self.bytes)
    #expect(none.apply(to: Self.bytes) == [0, 255, 51, 102, 255, 0])
    #expect(none.shift.isEmpty && none.factor.isEmpty)
  }

  @Test func dividesBy255() {
    let scaled = Normalization(.divideBy255, of: Self.bytes)
    #expect(scaled.apply(to: Self.bytes) == [0, 1, 0.2, 0.4, 1, 0])
    #expect(scaled.scale == 1.0 / 255)
    #expect(Normalization.standard(for: Self.bytes) == .divideBy255)
    #expect(Normalization.standard(for: Self.floats) == .none)
  }

  @Test func subtractsTheMeanImage() {
    let centred = Normalization(.meanImage, of: Self.bytes)
    close(centred.shift, [0.2, 1, 0.1])
    close(centred.apply(to: Self.bytes).map(Double.init), [-0.2, 0, 0.1, 0.2, 0, -0.1])
    let undone = centred.undo(centred.apply(to: Self.bytes), featureCount: 3)
    close(undone.map(Double.init), [0, 1, 0.2, 0.4, 1, 0])
    close(Normalization(.meanImage, of: Self.floats).shift, [4, 5])
  }

  @Test func standardises() {
    let standard = Normalization(.standardise, of: Self.floats)
    // Mean 4; variance (9 + 1 + 16) / 3; the second column never changes.
    let deviation = (26.0 / 3).squareRoot()
    close(standard.shift, [4, 5])
    close(standard.factor, [1 / deviation, 1])
    let values = standard.apply(to: Self.floats).map(Double.init)
    close(values, [-3 / deviation, 0, -1 / deviation, 0, 4 / deviation, 0])
    close(
      standard.undo(standard.apply(to: Self.floats), featureCount: 2).map(Double.init),
      [1, 5, 3, 5, 8, 5])
  }

  /// Large means and small deviations cancel in single precision and in one pass.
  @Test func standardisesFarFromZero() {
    let noise = Philox(seed: 1, stream: .sampling).uniforms(count: 20_000)
    let examples = Examples(
      count: 20_000, shape: [1], elements: .floats(noise.map { 10_000 + $0 }))
    let values = Normalization(.standardise, of: examples).apply(to: examples)
    let mean = values.reduce(0) { $0 + Double($1) } / 20_000
    let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 20_000
    #expect(abs(mean) < 1e-6)
    #expect(abs(variance - 1) < 1e-6)
  }

  /// Bytes standardise to the same numbers as the floats they stand for.
  @Test func isTheSameForBytesAndFloats() {
    let floats = Examples(count: 2, shape: [3], elements: .floats([0, 255, 51, 102, 255, 0]))
    close(
      Normalization(.standardise, of: Self.bytes).apply(to: Self.bytes).map(Double.init),
      Normalization(.standardise, of: floats).apply(to: floats).map(Double.init))
  }

  @Test func countsOnlyTheExamplesUsed() {
    #expect(Normalization(.meanImage, of: Self.floats.prefix(1)).shift == [1, 5])
  }

  private func close(
    _ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, expected) in zip(values, expected) {
      // Rounded to Float once, values to 10.
      #expect(value.isFinite && abs(value - expected) <= 1e-6, sourceLocation: sourceLocation)
    }
  }
}
