import Datasets
import Testing

@Suite struct GeneratedTests {
  @Test func digitsAreBalancedAndAlwaysTheSame() throws {
    let digits = try Dataset.load("digits", directory: nil)
    #expect(digits.training.count == 10_000)
    #expect(digits.training.shape == [28, 28, 1])
    #expect(digits == (try Dataset.load("digits", directory: nil)))
    let test = try #require(digits.test)
    for (examples, each) in [(digits.training, 1000), (test, 200)] {
      let labels = try #require(examples.labels)
      #expect((0..<10).allSatisfy { digit in labels.count { $0 == digit } == each })
    }
    #expect(digits.training.prefix(2000).elements != test.elements)
    #expect(digits.files.isEmpty)
  }

  /// Each digit is ink on an empty border, and nearer to its own mean picture than to the others'.
  @Test func digitsLookLikeThemselves() throws {
    let digits = try Dataset.load("digits", directory: nil)
    let train = try pictures(digits.training)
    let test = try pictures(#require(digits.test))
    let means = (0..<10).map { digit in
      let own = stride(from: digit, to: train.count, by: 10).map { train[$0] }
      return (0..<784).map { pixel in own.reduce(0) { $0 + $1[pixel] } / Double(own.count) }
    }
    var right = 0
    for (index, picture) in test.enumerated() {
      let ink = picture.reduce(0, +) / 255
      #expect(ink > 20 && ink < 300)
      let distances = means.map {
        zip($0, picture).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      if distances.indices.min(by: { distances[$0] < distances[$1] }) == index % 10 { right += 1 }
    }
    // MNIST's own nearest-mean rate is 82 %.
    #expect(right > 1500)
  }

  @Test func curveIsStandardisedByItsTrainingPoints() throws {
    let curve = try Dataset.load("curve3d", directory: nil)
    let training = try rows(curve.training)
    #expect(training.count == 100)
    #expect(curve.test?.count == 100)
    #expect(curve.training.shape == [3])
    #expect(curve.training.labels == nil)
    for column in 0..<3 {
      let values = training.map { $0[column] }
      let mean = values.reduce(0, +) / 100
      #expect(abs(mean) < 1e-6)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 100 - 1) < 1e-6)
    }
    // The test points are scaled alike, so their moments are near those and not equal.
    let test = try rows(#require(curve.test))
    let mean = test.reduce(0) { $0 + $1[0] } / 100
    #expect(abs(mean) > 1e-4 && abs(mean) < 0.5)
  }

  /// z is 0.1 x + 0.3 y and noise, so standardised columns keep a plane: least squares by hand.
  @Test func curveLiesNearAPlane() throws {
    let rows = try rows(Dataset.load("curve3d", directory: nil).training)
    func product(_ a: Int, _ b: Int) -> Double { rows.reduce(0) { $0 + $1[a] * $1[b] } / 100 }
    let determinant = 1 - product(0, 1) * product(0, 1)
    let x = (product(0, 2) - product(0, 1) * product(1, 2)) / determinant
    let y = (product(1, 2) - product(0, 1) * product(0, 2)) / determinant
    let left = rows.reduce(0) { total, row in
      let error = row[2] - x * row[0] - y * row[1]
      return total + error * error / 100
    }
    // Noise has variance 0.01 of z's 0.04: about a quarter is left, x weighs less than y.
    #expect(left > 0.08 && left < 0.45)
    #expect(x > 0 && y > x)
  }

  private func pictures(_ examples: Examples) throws -> [[Double]] {
    guard case .bytes(let bytes) = examples.elements else { throw Mismatch() }
    return (0..<examples.count).map { index in
      bytes[index * 784..<(index + 1) * 784].map(Double.init)
    }
  }

  private func rows(_ examples: Examples) throws -> [[Double]] {
    guard case .floats(let floats) = examples.elements else { throw Mismatch() }
    return (0..<examples.count).map { floats[3 * $0..<3 * $0 + 3].map { Double($0) } }
  }

  private struct Mismatch: Error {}
}

@Suite struct ExamplesTests {
  static let examples = Examples(
    count: 5, shape: [2], elements: .floats([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    labels: [0, 1, 2, 3, 4])

  @Test func prefixTakesTheFirst() {
    let first = Self.examples.prefix(2)
    #expect(first.elements == .floats([0, 1, 2, 3]))
    #expect(first.labels == [0, 1])
    #expect(first.count == 2)
    #expect(Self.examples.prefix(5) == Self.examples)
    #expect(Self.examples.prefix(9) == Self.examples)
    #expect(Self.examples.prefix(0).elements == .floats([]))
  }

  @Test func splitHoldsBackTheLast() throws {
    let (training, validation) = try Self.examples.split(last: 0.3)
    #expect(training.labels == [0, 1, 2])
    #expect(validation.labels == [3, 4])
    #expect(validation.elements == .floats([6, 7, 8, 9]))
  }

  @Test(arguments: [0, 1, -0.5, 2, .nan, 0.9]) func splitLeavesNoPartEmpty(fraction: Double) {
    let error = thrown { () throws(DatasetError) in
      _ = try Self.examples.split(last: fraction)
    }
    #expect(
      error?.description
        == "validation: expected a fraction that leaves examples in both parts of a split of 5, "
        + "received \(fraction); choose one between 0 and 1, such as 0.1")
  }

  // MARK: Held out by the seed

  /// 60 of class 0, 30 of class 1, 10 of class 2, one after the other.
  private static let sorted = Examples(
    count: 100, shape: [1], elements: .doubles((0..<100).map(Double.init)),
    labels: (0..<100).map { $0 < 60 ? 0 : $0 < 90 ? 1 : 2 })

  @Test func holdsOutOfEachClassInProportion() throws {
    let rows = try Self.sorted.heldOut(fraction: 0.2, seed: 1)
    #expect(rows.count == 20 && rows == rows.sorted() && Set(rows).count == 20)
    let labels = rows.map { Self.sorted.labels![$0] }
    #expect([0, 1, 2].map { label in labels.count { $0 == label } } == [12, 6, 2])
    // Not the last ones, and others for another seed.
    #expect(rows.contains { $0 < 40 })
    #expect(try Self.sorted.heldOut(fraction: 0.2, seed: 2) != rows)
    #expect(try Self.sorted.heldOut(fraction: 0.2, seed: 1) == rows)
    let (training, validation) = Self.sorted.split(holdingOut: rows)
    #expect(validation.elements == .doubles(rows.map(Double.init)))
    #expect(training.count == 80 && training.labels?.count == 80)
    guard case .doubles(let kept) = training.elements else {
      Issue.record("other elements")
      return
    }
    #expect(Set(kept).isDisjoint(with: rows.map(Double.init)))
  }

  /// The rows are part of what a seed means.
  @Test func rowsOfASeedStayTheSame() throws {
    let plain = Examples(count: 10, shape: [1], elements: .bytes([UInt8](0..<10)))
    #expect(try plain.heldOut(fraction: 0.3, seed: 1) == Self.rowsOfSeedOne)
  }

  /// The first three of the permutation that Random123's Philox draws with key 1 and stream 10.
  private static let rowsOfSeedOne = [2, 8, 9]

  @Test func classesOfOneAreHeldOutAtRandom() throws {
    let people = Examples(
      count: 257, shape: [1], elements: .bytes([UInt8](repeating: 0, count: 257)),
      labels: (0..<257).map { Int32($0) })
    let rows = try people.heldOut(fraction: 0.2, seed: 1)
    #expect(rows.count == 52)
    #expect(rows.last! > 200)
    let two = Examples(count: 2, shape: [1], elements: .bytes([1, 2]), labels: [0, 1])
    #expect(try two.heldOut(fraction: 0.5, seed: 1).count == 1)
    #expect(throws: DatasetError.self) { try two.prefix(1).heldOut(fraction: 0.5, seed: 1) }
  }
}
