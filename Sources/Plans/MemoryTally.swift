/// How many bytes a backend's buffers take, now and at the most so far. What drivers and libraries
/// allocate for themselves is not in it.
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
