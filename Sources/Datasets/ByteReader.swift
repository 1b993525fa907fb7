/// A source of bytes for a parser that requests a number of bytes at a time.
protocol ByteReader: ~Copyable {
  /// An upper bound for the bytes that can follow, independent of what a header claims; it limits
  /// allocations.
  var largestCount: Int { get }

  /// Fills the buffer; returns fewer bytes only at the end.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int
}

extension ByteReader where Self: ~Copyable {
  /// The next `count` bytes; fewer only at the end.
  mutating func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: min(count, largestCount)) {
      (buffer, received) throws(DatasetError) in
      received = try fill(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Reads and discards the rest; returns its length.
  mutating func skipToEnd() throws(DatasetError) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { buffer.deallocate() }
    var total = 0
    while true {
      let received = try fill(buffer)
      total += received
      if received < buffer.count { return total }
    }
  }
}

/// Bytes of an array in memory.
struct PlainReader: ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var largestCount: Int { rest.count }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, rest.count)
    rest.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    rest = rest.dropFirst(count)
    return count
  }
}
