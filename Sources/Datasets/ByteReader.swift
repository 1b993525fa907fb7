/// Bytes pulled from the front by a parser that knows how many it wants.
protocol ByteReader: ~Copyable {
  /// No more bytes than these can follow, whatever a header promises: memory is taken for no more.
  var largestCount: Int { get }

  /// Fills the buffer; with fewer bytes only at the end.
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

  /// How many bytes are left, read and let go.
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

/// The bytes of an array, as they are.
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
