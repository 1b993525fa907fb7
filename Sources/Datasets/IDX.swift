/// An array read from an IDX file, the format of MNIST, gzip or not.
///
/// Two zero bytes, a type byte (08: unsigned bytes, the only one read), the number of dimensions,
/// each dimension as a big-endian 32-bit number, then the elements, row-major, to the file's end.
package struct IDX: Hashable, Sendable {
  /// The shape of the rows that are kept.
  package let shape: [Int]
  package let bytes: [UInt8]

  /// The number of rows in the file, its first dimension; `shape` counts only rows that are kept.
  package let rowCount: Int

  /// Parses a file of `rank` dimensions, none of them 0.
  ///
  /// The header is checked before memory is allocated for it. `path` is for messages.
  package static func decode(
    _ file: [UInt8], rank: Int, limit: Int? = nil, path: String
  ) throws(DatasetError) -> IDX {
    if GzipReader.isGzip(file) {
      var reader = GzipReader(file, path: path)
      return try decode(&reader, rank: rank, limit: limit, path: path)
    }
    var reader = PlainReader(file)
    return try decode(&reader, rank: rank, limit: limit, path: path)
  }

  /// Reads a file, gzip or not.
  /// - Parameter limit: the number of rows to keep; later bytes are not read.
  static func read(
    _ path: String, rank: Int, limit: Int?
  ) throws(DatasetError) -> (array: IDX, file: DatasetFile) {
    var reader = try FileReader(path)
    if try reader.peek(2) == [0x1f, 0x8b] {
      let (bytes, file) = try InputFile.read(path)
      return (try decode(bytes, rank: rank, limit: limit, path: path), file)
    }
    let array = try decode(&reader, rank: rank, limit: limit, path: path)
    return (array, try reader.finish())
  }

  private static func decode<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, rank: Int, limit: Int?, path: String
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
    var shape = (0..<rank).map { axis in
      sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let byteCount = try shape.elementCount(path: path)
    let rowCount = shape[0]
    shape[0] = min(rowCount, limit ?? rowCount)
    let kept = shape.reduce(1, *)

    if byteCount <= reader.largestCount {
      try AvailableMemory.check(kept, place: path, what: "bytes \(shape)") { available in
        "use the first examples with --limit \(max(available / 4 / (kept / shape[0]), 1))"
      }
    }
    let bytes = try reader.read(kept)
    guard bytes.count == kept else {
      throw .truncated(
        path: path, expected: headerCount + byteCount, received: headerCount + bytes.count)
    }
    let trailing = kept == byteCount ? try reader.skipToEnd() : 0
    guard trailing == 0 else {
      let expected = headerCount + byteCount
      throw .trailingBytes(path: path, expected: expected, received: expected + trailing)
    }
    return IDX(shape: shape, bytes: bytes, rowCount: rowCount)
  }
}
