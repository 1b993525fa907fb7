import Plans

/// What several windows measured.
package struct Statistics: Hashable, Sendable, Codable {
  package let median: Double
  /// Of rates the highest, of times the shortest.
  package let best: Double
  /// A tenth of the windows was worse.
  package let p10: Double

  /// Of rates, more being better.
  package init(rates: [Double]) {
    let sorted = rates.sorted()
    median = rates.median
    best = sorted.last ?? 0
    p10 = Self.tenth(sorted)
  }

  /// Of times, less being better.
  package init(seconds: [Double]) {
    let sorted = seconds.sorted(by: >)
    median = seconds.median
    best = sorted.last ?? 0
    p10 = Self.tenth(sorted)
  }

  /// - Parameter sorted: the worst first.
  private static func tenth(_ sorted: [Double]) -> Double {
    sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 10]
  }
}
