import Datasets

/// How stored examples are cut up for training: chunks of neighbouring rows, which are read at
/// once, and windows of several chunks, which are in memory at the same time.
///
/// It follows from the examples and the batch size alone, so that a run can be resumed with another
/// amount of memory.
package struct StreamSizes: Hashable, Sendable {
  package let rowCount: Int
  /// The rows of a chunk whatever the batch size.
  private let rowsOfABlock: Int
  /// Whether the last chunk, which may be short, is always in the last window.
  private let isInOrder: Bool
  package let rowsOfAChunk: Int
  /// The rows of a window, all but the last of an epoch; at least a batch.
  package let rowsOfAWindow: Int

  static let chunksOfAWindow = 16
  /// Windows in memory: two that a batch may have rows of, and one that is being read.
  static let windowsInMemory = 3

  package init(_ rows: StoredRows, batchSize: Int) {
    self.init(
      rowCount: rows.count, rowsOfABlock: rows.chunkByteCount / max(rows.rowByteCount, 1),
      isInOrder: rows.isReadInOrder, batchSize: batchSize)
  }

  private init(rowCount: Int, rowsOfABlock: Int, isInOrder: Bool, batchSize: Int) {
    (self.rowCount, self.rowsOfABlock, self.isInOrder) = (rowCount, rowsOfABlock, isInOrder)
    // A short chunk must not make a window smaller than a batch.
    let least = (isInOrder ? 1 : 2) * (batchSize / Self.chunksOfAWindow + 1)
    rowsOfAChunk = min(max(rowsOfABlock, least), rowCount)
    let chunks = (rowCount + rowsOfAChunk - 1) / rowsOfAChunk
    rowsOfAWindow = rowsOfAChunk * min(chunks, Self.chunksOfAWindow)
  }

  /// The sizes for the same rows in batches of another size.
  func with(batchSize: Int) -> StreamSizes {
    StreamSizes(
      rowCount: rowCount, rowsOfABlock: rowsOfABlock, isInOrder: isInOrder, batchSize: batchSize)
  }

  var chunkCount: Int { (rowCount + rowsOfAChunk - 1) / rowsOfAChunk }
  /// The rows of the windows in memory.
  package var rowsInMemory: Int { Self.windowsInMemory * rowsOfAWindow }

  /// The rows of a chunk.
  func rows(ofChunk chunk: Int) -> Range<Int> {
    chunk * rowsOfAChunk..<min((chunk + 1) * rowsOfAChunk, rowCount)
  }
}
