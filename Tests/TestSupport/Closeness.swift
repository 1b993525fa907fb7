/// The largest difference of a result from the reference: `|a − b| ≤ absolute + relative · |b|`.
package struct Tolerance: Hashable, Sendable {
  package let absolute: Double
  package let relative: Double

  package init(absolute: Double, relative: Double) {
    self.absolute = absolute
    self.relative = relative
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
