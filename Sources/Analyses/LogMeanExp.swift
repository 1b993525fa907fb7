import Glibc

/// `log((1/n) Σ exp(xᵢ))` of numbers that are added one by one, without overflow: the sum is
/// relative to the largest number so far.
package struct LogMeanExp: Hashable, Sendable {
  package private(set) var count = 0
  private var largest = -Double.infinity
  /// `Σ exp(xᵢ − largest)`.
  private var sum = 0.0

  package init() {}

  package mutating func add(_ x: Double) {
    count += 1
    if x <= largest {
      // The difference of two −∞ would be NaN.
      sum += largest == -.infinity ? 0 : exp(x - largest)
    } else if x.isNaN {
      (largest, sum) = (x, x)
    } else {
      sum = sum * exp(largest - x) + 1
      largest = x
    }
  }

  /// −∞ before the first number.
  package var value: Double {
    sum == 0 ? -.infinity : largest + log(sum / Double(count))
  }
}
