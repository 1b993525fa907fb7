import Randoms

/// The order of stored examples in an epoch: the chunks in random order, then the rows of each
/// window. It follows from the sizes, the seed and the epoch alone.
package struct EpochOrder {
  let sizes: StreamSizes
  package let epoch: Int
  private let seed: UInt64
  private let shuffles: Bool
  private let chunks: [Int]
  /// The place in the epoch at which each window begins, and the end.
  let starts: [Int]

  package init(_ sizes: StreamSizes, seed: UInt64, epoch: Int, shuffles: Bool) {
    (self.sizes, self.seed, self.epoch, self.shuffles) = (sizes, seed, epoch, shuffles)
    let chunks =
      shuffles
      ? Shuffle.permutation(count: sizes.chunkCount, seed: seed, epoch: epoch).map(Int.init)
      : Array(0..<sizes.chunkCount)
    var starts = [0]
    for first in stride(from: 0, to: chunks.count, by: StreamSizes.chunksOfAWindow) {
      let own = chunks[first..<min(first + StreamSizes.chunksOfAWindow, chunks.count)]
      starts.append(starts.last! + own.map { sizes.rows(ofChunk: $0).count }.reduce(0, +))
    }
    (self.chunks, self.starts) = (chunks, starts)
  }

  package var windowCount: Int { starts.count - 1 }

  /// The rows of a window in the order in which they are read.
  func parts(ofWindow window: Int) -> [Range<Int>] {
    let first = window * StreamSizes.chunksOfAWindow
    return chunks[first..<min(first + StreamSizes.chunksOfAWindow, chunks.count)]
      .map(sizes.rows)
  }

  /// For each place in a window, the row of the window as it was read.
  func order(ofWindow window: Int) -> [Int32] {
    let count = starts[window + 1] - starts[window]
    return shuffles
      ? Shuffle.permutation(count: count, seed: seed, epoch: epoch, window: window)
      : Array(0..<Int32(count))
  }

  /// The window that has this place of the epoch.
  package func window(of place: Int) -> Int {
    // Windows but the last have about the same size.
    var window = min(place / sizes.rowsOfAWindow, windowCount - 1)
    while place >= starts[window + 1] { window += 1 }
    return window
  }

  /// The steps whose last example is in a window.
  package func steps(ofWindow window: Int, batchSize: Int) -> Range<Int> {
    let last = starts[window + 1]
    let isLast = window == windowCount - 1
    return starts[window] / batchSize..<(isLast ? (last + batchSize - 1) : last) / batchSize
  }

  /// The rows of the data at these places of the epoch.
  package func rows(at places: Range<Int>) -> [Int] {
    var rows: [Int] = []
    for window in window(of: places.lowerBound)...window(of: places.upperBound - 1) {
      let read = parts(ofWindow: window).flatMap(Array.init)
      let order = order(ofWindow: window)
      let own = places.clamped(to: starts[window]..<starts[window + 1])
      rows += own.map { read[Int(order[$0 - starts[window]])] }
    }
    return rows
  }
}
