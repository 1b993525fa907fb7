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

  // MARK: Doubles

  private func doubles(_ values: [Double]) -> Examples {
    Examples(count: values.count, shape: [1], elements: .doubles(values))
  }

  /// Offsets and scales that 32-bit floats do not hold: ten numbers in a row have variance 8.25.
  @Test(arguments: [
    (offset: 1.7e9, step: 1.0), (0, 1e-40), (0, 1e30), (0, 1e-200), (-3e300, 1e299), (0, 1e-25),
    (16_777_216, 1), (1.7e18, 1e9),
  ]) func standardisesInDouble(offset: Double, step: Double) throws {
    let examples = doubles((0..<10).map { offset + step * Double($0) })
    let standard = FeatureScaling(examples, byteScale: 1, shift: true, factor: true)
    let scaled = try standard.scaled(examples, name: "a")
    guard case .floats(let values) = scaled.elements else {
      Issue.record("no floats")
      return
    }
    close(values.map(Double.init), (0..<10).map { (Double($0) - 4.5) / 8.25.squareRoot() })
    for (value, original) in zip(standard.restored(values), 0..<10) {
      let wanted = offset + step * Double(original)
      #expect(abs(value - wanted) <= 1e-6 * step * 10 + 1e-15 * abs(wanted))
    }
  }

  @Test func doublesThatNeverChangeAreZero() throws {
    let examples = doubles([14.62, 14.62, 14.62])
    let standard = FeatureScaling(examples, byteScale: 1, shift: true, factor: true)
    #expect(try standard.scaled(examples, name: "a").elements == .floats([0, 0, 0]))
  }

  /// Filled in first, as scikit-learn's SimpleImputer does before its StandardScaler:
  /// 1, 2, 7/3, 4 have variance 7/6.
  @Test func fillsMissingValuesWithTheMean() throws {
    let examples = doubles([1, 2, .nan, 4])
    let filling = FeatureScaling(
      examples, byteScale: 1, shift: true, factor: true, fillsMissing: true)
    close(filling.fill, [7.0 / 3])
    let scaled = try filling.scaled(examples, name: "a")
    #expect(!scaled.hasMissing)
    close(filling.apply(to: examples).map(Double.init), [-1.234427, -0.308607, 0, 1.543034])
    // Later files take the training data's constant.
    close(filling.apply(to: doubles([.nan, 1])).map(Double.init), [0, -1.234427])
    let raw = FeatureScaling(
      examples, byteScale: 1, shift: false, factor: false, fillsMissing: true)
    close(raw.apply(to: examples).map(Double.init), [1, 2, 7.0 / 3, 4])
  }

  /// The mean of what is there is 7/3, its variance 14/9.
  @Test func leavesMissingValuesOut() throws {
    let examples = doubles([1, 2, .nan, 4])
    let masked = FeatureScaling(examples, byteScale: 1, shift: true, factor: true)
    #expect(masked.fill.isEmpty)
    let values = masked.apply(to: examples)
    #expect(values[2].isNaN)
    let deviation = (14.0 / 9).squareRoot()
    close(
      [values[0], values[1], values[3]].map(Double.init),
      [-4 / 3 / deviation, -1 / 3 / deviation, 5 / 3 / deviation])
    #expect(try masked.scaled(examples, name: "a").hasMissing)
  }

  @Test func refusesWhatFloatsDoNotHold() {
    let examples = doubles([1, 2e39])
    let error = thrown { () throws(DatasetError) in
      _ = try FeatureScaling().scaled(examples, name: "a.csv", featureNames: ["width"])
    }
    #expect(
      error?.description
        == "a.csv, row 2, column width: expected values that fit into 32-bit floats after scaling, "
        + "received 2e+39; set normalization to standard, which scales each column")
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
