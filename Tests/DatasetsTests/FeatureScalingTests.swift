import Datasets
import Randoms
import Testing

@Suite struct FeatureScalingTests {
  static let bytes = Examples(count: 2, shape: [3], elements: .bytes([0, 255, 51, 102, 255, 0]))
  static let floats = Examples(count: 3, shape: [2], elements: .floats([1, 5, 3, 5, 8, 5]))

  private func scaling(
    _ examples: Examples, shift: Bool = false, factor: Bool = false
  ) -> FeatureScaling {
    FeatureScaling(examples, byteScale: 1.0 / 255, shift: shift, factor: factor)
  }

  @Test func leavesValuesAlone() {
    let none = FeatureScaling(Self.bytes, byteScale: 1, shift: false, factor: false)
    #expect(none.apply(to: Self.bytes) == [0, 255, 51, 102, 255, 0])
    #expect(none.shift.isEmpty && none.factor.isEmpty)
  }

  @Test func scalesBytesOnly() {
    #expect(scaling(Self.bytes).apply(to: Self.bytes) == [0, 1, 0.2, 0.4, 1, 0])
    #expect(scaling(Self.bytes).apply(to: Self.floats) == [1, 5, 3, 5, 8, 5])
  }

  @Test func subtractsTheMean() {
    let centred = scaling(Self.bytes, shift: true)
    close(centred.shift, [0.2, 1, 0.1])
    #expect(centred.factor.isEmpty)
    close(centred.apply(to: Self.bytes).map(Double.init), [-0.2, 0, 0.1, 0.2, 0, -0.1])
    close(scaling(Self.floats, shift: true).shift, [4, 5])
  }

  @Test func standardises() {
    let standard = scaling(Self.floats, shift: true, factor: true)
    // Mean 4; variance (9 + 1 + 16) / 3; the second column never changes.
    let deviation = (26.0 / 3).squareRoot()
    close(standard.shift, [4, 5])
    close(standard.factor, [1 / deviation, 1])
    close(
      standard.apply(to: Self.floats).map(Double.init),
      [-3 / deviation, 0, -1 / deviation, 0, 4 / deviation, 0])
    close(scaling(Self.floats, factor: true).factor, [1 / deviation, 1])
    #expect(scaling(Self.floats, factor: true).shift.isEmpty)
  }

  /// Large means and small deviations cancel in single precision and in one pass.
  @Test func standardisesFarFromZero() {
    let noise = Philox(seed: 1, stream: .sampling).uniforms(count: 20_000)
    let examples = Examples(
      count: 20_000, shape: [1], elements: .floats(noise.map { 10_000 + $0 }))
    let values = scaling(examples, shift: true, factor: true).apply(to: examples)
    let mean = values.reduce(0) { $0 + Double($1) } / 20_000
    let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 20_000
    #expect(abs(mean) < 1e-6)
    #expect(abs(variance - 1) < 1e-6)
  }

  /// Three times a tenth is not three tenths: a rounded mean would leave a variance of 1e-34.
  @Test func whatNeverChangesIsOnlyShifted() {
    for (elements, value) in [
      (Examples.Elements.floats([0.1, 0.1, 0.1]), Double(Float(0.1))),
      (.bytes([51, 51, 51]), 51 * (1.0 / 255)),
    ] {
      let examples = Examples(count: 3, shape: [1], elements: elements)
      let standard = scaling(examples, shift: true, factor: true)
      #expect(standard.shift == [value] && standard.factor == [1])
    }
  }

  /// Bytes standardise to the same numbers as the floats they stand for.
  @Test func isTheSameForBytesAndFloats() {
    let floats = Examples(count: 2, shape: [3], elements: .floats([0, 255, 51, 102, 255, 0]))
    close(
      scaling(Self.bytes, shift: true, factor: true).apply(to: Self.bytes).map(Double.init),
      scaling(floats, shift: true, factor: true).apply(to: floats).map(Double.init))
  }

  @Test func countsOnlyTheExamplesUsed() {
    #expect(scaling(Self.floats.prefix(1), shift: true).shift == [1, 5])
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
