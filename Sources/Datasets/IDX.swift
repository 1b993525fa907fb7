/// An array read from an IDX file, the format of MNIST, gzip or not.
///
/// Two zero bytes, a type byte (08: unsigned bytes, the only one read), the number of dimensions,
/// each dimension as a big-endian 32-bit number, then the elements, row-major, to the file's end.
package struct IDX: Hashable, Sendable {
  package let shape: [Int]
  package let bytes: [UInt8]

  /// Parses a whole file of `rank` dimensions, none of them 0.
  ///
  /// The header is judged before memory is taken for what it claims. `path` is for messages.
  package static func decode(
    _ file: [UInt8], rank: Int, path: String
  ) throws(DatasetError) -> IDX {
    if GzipReader.isGzip(file) {
      var reader = GzipReader(file, path: path)
      return try decode(&reader, rank: rank, path: path)
    }
    var reader = PlainReader(file)
    return try decode(&reader, rank: rank, path: path)
  }

  private static func decode<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, rank: Int, path: String
  ) throws(DatasetError) -> IDX {
    let headerCount = 4 + 4 * rank
    let magic = try reader.read(4)
    guard magic.count == 4 else {
      throw .truncated(path: path, expected: headerCount, received: magic.count)
    }
    guard magic[0] == 0, magic[1] == 0 else { throw .notIDX(path: path, magic: magic) }
    guard magic[2] == 0x08 else { throw .unsupportedElements(path: path, type: magic[2]) }
    guard Int(magic[3]) == rank else {
      throw .unexpectedRank(path: path, expected: rank, received: Int(magic[3]))
    }

    let sizes = try reader.read(4 * rank)
    guard sizes.count == 4 * rank else {
      throw .truncated(path: path, expected: headerCount, received: 4 + sizes.count)
    }
    let shape = (0..<rank).map { axis in
      sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let byteCount = try shape.elementCount(path: path)

    let bytes = try reader.read(byteCount)
    guard bytes.count == byteCount else {
      throw .truncated(
        path: path, expected: headerCount + byteCount, received: headerCount + bytes.count)
    }
    let trailing = try reader.skipToEnd()
    guard trailing == 0 else {
      let expected = headerCount + byteCount
      throw .trailingBytes(path: path, expected: expected, received: expected + trailing)
    }
    return IDX(shape: shape, bytes: bytes)
  }
}
