/// The present and the peak size of a backend's buffers, in bytes. Memory of drivers and libraries
/// does not count.
package final class MemoryTally {
  package private(set) var byteCount = 0
  package private(set) var peakByteCount = 0

  package init() {}

  package func add(_ count: Int) {
    byteCount += count
    peakByteCount = max(peakByteCount, byteCount)
  }

  package func remove(_ count: Int) { byteCount -= count }
}
