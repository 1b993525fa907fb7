import Foundation
import Graphs
import Layers
import Testing

@Suite struct InitializerTests {
  /// The first values of a weight `[200, 100]` whose fans are these.
  private func values(_ initializer: Initializer, seed: UInt64 = 1) -> [Double] {
    ParameterDeclaration(
      name: "w", shape: [200, 100], initializer: initializer, fanIn: 200, fanOut: 100,
      index: 3
    ).initialValues(seed: seed).map(Double.init)
  }

  private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count))
  }

  @Test(arguments: Initializer.Distribution.allCases)
  func varianceIsWhatTheFansSay(_ distribution: Initializer.Distribution) {
    for (initializer, expected) in [
      (Initializer.glorot(distribution), 2.0 / 300), (.he(distribution), 2.0 / 200),
    ] {
      let (mean, variance) = moments(values(initializer))
      // 20,000 values: the mean is known to 1/140 of a deviation, the variance to 1 %.
      #expect(abs(mean) < 4 * (expected / 20_000).squareRoot())
      #expect(abs(variance / expected - 1) < 0.04, "\(initializer): \(variance), \(expected)")
    }
  }

  @Test func limits() {
    let deviation = (2.0 / 200).squareRoot()
    let truncated = values(.he(.truncatedNormal)).map(abs).max()!
    #expect(truncated <= 2 * deviation / 0.87962566103423978 * (1 + 1e-6))
    #expect(truncated > 1.99 * deviation / 0.87962566103423978)
    #expect(values(.he(.normal)).map(abs).max()! > 3 * deviation)
    let fan = values(.fanInUniform).map(abs).max()!
    #expect(fan <= 1 / 200.0.squareRoot() && fan > 0.99 / 200.0.squareRoot())
    let (mean, variance) = moments(values(.normal(mean: 3, deviation: 2)))
    #expect(abs(mean - 3) < 0.06 && abs(variance - 4) < 0.16)
    #expect(values(.zeros).allSatisfy { $0 == 0 } && values(.ones).allSatisfy { $0 == 1 })
  }

  /// An element that is drawn again leaves its neighbours as they are.
  @Test func truncationTouchesOnlyWhatLiesOutside() {
    let truncated = values(.he(.truncatedNormal))
    let normal = values(.he(.normal)).map { $0 / 0.87962566103423978 }
    let deviation = (2.0 / 200).squareRoot() / 0.87962566103423978
    var redrawn = 0
    for (a, b) in zip(truncated, normal) {
      if abs(b) > 2 * deviation {
        redrawn += 1
      } else {
        #expect(abs(a - b) < 1e-6)
      }
    }
    // 4.55 % of a normal distribution lie beyond two deviations.
    #expect((800...1020).contains(redrawn))
  }

  /// Rows or columns, whichever are fewer, are orthonormal; other seeds give others, on both sides of
  /// 0 alike.
  @Test(arguments: [Shape([5, 20]), [20, 5], [7, 7], [3, 2, 4], [1, 6]])
  func orthogonal(_ shape: Shape) {
    func matrix(_ seed: UInt64) -> [Double] {
      ParameterDeclaration(
        name: "w", shape: shape, initializer: .orthogonal, fanIn: 1, fanOut: 1, index: 3
      ).initialValues(seed: seed).map(Double.init)
    }
    let (rows, columns) = (shape.rows, shape.columns)
    let values = matrix(1)
    let count = min(rows, columns)
    for a in 0..<count {
      for b in 0..<count {
        let product =
          rows <= columns
          ? (0..<columns).reduce(0) { $0 + values[a * columns + $1] * values[b * columns + $1] }
          : (0..<rows).reduce(0) { $0 + values[$1 * columns + a] * values[$1 * columns + b] }
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-6, "\(a), \(b)")
      }
    }
    #expect(matrix(1) == values && matrix(2) != values)
    let first = (0..<400).map { matrix($0)[0] }
    let (mean, variance) = moments(first)
    let expected = 1 / Double(max(rows, columns))
    #expect(abs(mean) < 4 * (expected / 400).squareRoot())
    #expect(abs(variance / expected - 1) < 0.4, "\(variance), \(expected)")
  }

  @Test func raised() {
    let plain = values(.fanInUniform)
    let raised = values(.raised(.fanInUniform, by: 2, in: 10..<13))
    for (element, (a, b)) in zip(plain, raised).enumerated() {
      #expect((10..<13).contains(element) ? abs(b - a - 2) < 1e-6 : a == b)
    }
  }

  @Test func namesAreApart() {
    #expect(Set(Initializer.named.map(\.name)).count == Initializer.named.count)
    #expect(Set(Initializer.named.map(\.initializer)).count == Initializer.named.count)
  }
}
