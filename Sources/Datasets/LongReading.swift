import Synchronization

/// How far the reading of a large file is, before its examples are used.
package struct LongReading: Sendable {
  package let path: String
  package let totalByteCount: Int
  package let start = ContinuousClock.now
  package private(set) var byteCount = 0

  /// Receives the progress block by block.
  package static let watch = Mutex<(@Sendable (LongReading) -> Void)?>(nil)

  init(_ path: String, of totalByteCount: Int) {
    (self.path, self.totalByteCount) = (path, totalByteCount)
  }

  /// More bytes are done.
  mutating func add(_ count: Int) {
    byteCount += count
    Self.watch.withLock { $0 }?(self)
  }
}
