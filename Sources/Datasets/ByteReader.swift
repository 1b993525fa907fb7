/// Bytes pulled from the front by a parser that knows how many it wants.
protocol ByteReader: ~Copyable {
  /// The next `count` bytes; fewer only at the end.
  mutating func read(_ count: Int) throws(DatasetError) -> [UInt8]

  /// How many bytes are left; none after.
  mutating func skipToEnd() throws(DatasetError) -> Int
}

/// The bytes of an array, as they are.
struct PlainReader: ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  mutating func read(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func skipToEnd() -> Int {
    defer { rest = [] }
    return rest.count
  }
}
