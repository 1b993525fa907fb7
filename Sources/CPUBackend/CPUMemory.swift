import Glibc
import Plans

/// Memory aligned to 64 bytes, the size of the widest vector and of a cache line.
final class CPUMemory {
  let bytes: UnsafeMutableRawPointer
  let byteCount: Int
  private let tally: MemoryTally

  /// - Parameters:
  ///   - filler: the value of every byte; 0xFF makes floats NaN.
  /// - tally: counts its bytes.
  init(byteCount: Int, filler: UInt8, _ tally: MemoryTally) throws(CPUError) {
    let physical = Self.physicalByteCount
    guard byteCount <= physical else {
      throw .outOfMemory(wanted: byteCount, available: physical)
    }
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, 64, max(byteCount, 64)) == 0, let pointer else {
      throw .refused(wanted: byteCount)
    }
    bytes = pointer
    self.byteCount = byteCount
    self.tally = tally
    tally.add(byteCount)
    // Written here, so that no step has to wait for page faults.
    memset(bytes, Int32(filler), byteCount)
  }

  deinit {
    free(bytes)
    tally.remove(byteCount)
  }

  var floats: UnsafeMutablePointer<Float> { bytes.assumingMemoryBound(to: Float.self) }

  static var physicalByteCount: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }
}

extension UnsafeMutablePointer<Float> {
  /// `count` elements from the start, as `Double`.
  func doubles(count: Int) -> [Double] {
    UnsafeBufferPointer(start: self, count: count).map(Double.init)
  }

  /// Overwrites the first elements.
  func write(_ values: [Double]) {
    for (index, value) in values.enumerated() { self[index] = Float(value) }
  }
}
