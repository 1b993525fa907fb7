import Synchronization

/// The present and the peak size of a backend's buffers, in bytes. Memory of drivers and libraries
/// does not count.
package final class MemoryTally: Sendable {
  private let counts = Mutex((now: 0, peak: 0))

  package init() {}

  package var byteCount: Int { counts.withLock(\.now) }
  package var peakByteCount: Int { counts.withLock(\.peak) }

  package func add(_ count: Int) {
    counts.withLock {
      $0.now += count
      $0.peak = max($0.peak, $0.now)
    }
  }

  package func remove(_ count: Int) { counts.withLock { $0.now -= count } }
}
