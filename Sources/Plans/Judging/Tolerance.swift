/// The largest difference of a result from the reference: `|a − b| ≤ absolute + relative · |b|`.
package struct Tolerance: Hashable, Sendable {
  package let absolute: Double
  package let relative: Double

  package init(absolute: Double, relative: Double) {
    self.absolute = absolute
    self.relative = relative
  }

  package static let exact = Tolerance(absolute: 0, relative: 0)

  /// A few units in the last place of float32 for functions made of a handful of operations.
  package static let elementwise = Tolerance(absolute: 1e-6, relative: 2e-6)

  /// A sum of `count` terms of size 1 in float32, in whatever order.
  package static func sum(_ count: Int, scale: Double = 1) -> Tolerance {
    Tolerance(absolute: 4e-7 * scale * Double(count).squareRoot() + 1e-6 * scale, relative: 4e-6)
  }

  /// The same for terms added one after the other, as matrix products do: partial sums grow to
  /// √count, and each of `count` roundings is relative to them.
  package static func chain(_ count: Int) -> Tolerance {
    Tolerance(absolute: 1e-7 * Double(count) + 1e-6, relative: 4e-6)
  }

  /// The same where terms are of this size and not of size 1.
  package func ofSize(_ size: Double) -> Tolerance {
    Tolerance(absolute: absolute * size, relative: relative)
  }

  /// Both parts so many times as wide.
  package func widened(by factor: Double) -> Tolerance {
    Tolerance(absolute: factor * absolute, relative: factor * relative)
  }

  /// NaN is close to nothing, and nothing is close to it.
  package func accepts(_ a: Double, _ b: Double) -> Bool {
    a.isFinite && b.isFinite && abs(a - b) <= absolute + relative * abs(b)
  }

  /// The first element that is too far from the reference, in words; `nil` if there is none.
  package func firstDifference(_ values: [Double], _ reference: [Double]) -> String? {
    guard values.count == reference.count else {
      return "\(values.count) elements, expected \(reference.count)"
    }
    for (index, (a, b)) in zip(values, reference).enumerated() where !accepts(a, b) {
      return "element \(index) is \(a), expected \(b)"
    }
    return nil
  }
}
