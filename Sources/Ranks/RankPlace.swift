import Graphs

/// A rank: one of the processes that train a model together.
package struct RankPlace: Hashable, Sendable {
  /// Counted from 0.
  package let rank: Int
  package let count: Int

  package init(rank: Int, count: Int) {
    precondition(0 <= rank && rank < count, "a rank must be below their number")
    (self.rank, self.count) = (rank, count)
  }

  /// Rank 0 prints, and writes all files.
  package var isFirst: Bool { rank == 0 }

  /// This rank's part of `size` rows of a batch, or of any other sequence.
  package func part(of size: Int) -> Range<Int> {
    rank * size / count..<(rank + 1) * size / count
  }

  /// This rank's examples of a batch; `nil` if there are fewer examples than ranks: then each rank
  /// computes the whole batch, and nothing is exchanged.
  package func examples(of size: Int) -> (part: BatchPart, size: Int)? {
    guard count > 1, size >= count else { return nil }
    let own = part(of: size)
    return (BatchPart(start: own.lowerBound, wholeSize: size), own.count)
  }
}
