import Plans

/// Statistics over several timing windows.
package struct Statistics: Hashable, Sendable, Codable {
  package let median: Double
  /// The highest rate, or the shortest time.
  package let best: Double
  /// A tenth of the windows is worse than this.
  package let p10: Double

  /// Of rates: higher is better.
  package init(rates: [Double]) {
    let sorted = rates.sorted()
    median = rates.median
    best = sorted.last ?? 0
    p10 = Self.tenth(sorted)
  }

  /// Of times: lower is better.
  package init(seconds: [Double]) {
    let sorted = seconds.sorted(by: >)
    median = seconds.median
    best = sorted.last ?? 0
    p10 = Self.tenth(sorted)
  }

  /// - Parameter sorted: values, the worst first.
  private static func tenth(_ sorted: [Double]) -> Double {
    sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 10]
  }
}
