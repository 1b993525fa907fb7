import Glibc
import Plans

/// Memory on a 64-byte boundary, the width of the widest vector and of a cache line.
final class CPUMemory {
  let bytes: UnsafeMutableRawPointer
  let byteCount: Int
  private let tally: MemoryTally

  /// - Parameters:
  ///   - filler: the value of every byte; 0xFF makes floats NaN.
  ///   - tally: where its bytes are counted.
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
    // Touched here, so that no step waits for the system to find a page.
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
  /// `count` elements from here, widened.
  func doubles(count: Int) -> [Double] {
    UnsafeBufferPointer(start: self, count: count).map(Double.init)
  }

  /// Overwrites as many elements as there are values.
  func write(_ values: [Double]) {
    for (index, value) in values.enumerated() { self[index] = Float(value) }
  }
}
