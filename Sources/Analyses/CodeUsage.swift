import Foundation

/// How often each codebook vector is used.
package struct CodeUsage: Hashable, Sendable {
  /// The number of uses of each codebook vector.
  package private(set) var counts: [Int]

  package init(count: Int) { counts = [Int](repeating: 0, count: count) }

  /// Adds indices, whole numbers from 0 to below `count`.
  package mutating func add(_ indices: [Float]) {
    for index in indices { counts[Int(index)] += 1 }
  }

  package var count: Int { counts.count }
  /// The number of codebook vectors that were used.
  package var usedCount: Int { counts.count { $0 > 0 } }

  /// `exp(−Σ p log p)` of the relative uses: the equivalent number of equally used codebook
  /// vectors.
  package var perplexity: Double {
    let total = Double(counts.reduce(0, +))
    let entropy = counts.reduce(0.0) { sum, count in
      let share = Double(count) / total
      return count == 0 ? sum : sum - share * log(share)
    }
    return exp(entropy)
  }
}
