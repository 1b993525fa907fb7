/// An array read from an NPY file, NumPy's format.
///
/// The file has `\x93NUMPY`, two version bytes, the header's length (2 bytes little-endian in
/// version 1, 4 in versions 2 and 3), the header (see `NPYHeader`), then the elements to the end,
/// in either byte order, row-major or column-major ("Fortran order"). The types `bool`, `int8` to
/// `int64`, `uint8` to `uint64` and `float16` to `float64` are read.
package struct NPY: Hashable, Sendable {
  /// The shape of the rows that are kept.
  package let shape: [Int]
  /// The first dimension in the file.
  package let rowCount: Int
  package let elements: Elements

  /// Row-major, in a type that holds all values of the file's type; 64-bit integers beyond 2⁵³ are
  /// rounded.
  package enum Elements: Hashable, Sendable {
    /// `uint8`
    case bytes([UInt8])
    /// `bool` as 0 and 1, 8- and 16-bit integers, 16- and 32-bit floats.
    case floats([Float])
    /// 32- and 64-bit integers, 64-bit floats.
    case doubles([Double])
  }

  /// Parses a whole file.
  /// - Parameters:
  ///   - place: the name of the file in messages.
  ///   - limit: the number of rows of the first dimension to keep.
  package static func decode(
    _ file: [UInt8], limit: Int? = nil, place: String
  ) throws(DatasetError) -> NPY {
    var reader = PlainReader(file)
    return try decode(&reader, limit: limit, place: place)
  }

  /// The header is checked before memory is allocated for it. Besides the elements that are kept,
  /// only a block of 1 MiB is in memory. With a limit, the rest is not read.
  static func decode<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, limit: Int? = nil, place: String
  ) throws(DatasetError) -> NPY {
    let (header, headerCount) = try header(&reader, place: place)
    guard let type = NPYType(header.type) else {
      throw NPYType.unsupported(header.type, place: place)
    }
    guard !header.shape.isEmpty else {
      throw .unexpected(
        place: place, expected: "an array of at least one dimension", received: "a single number",
        advice: "save array.reshape(1, 1)")
    }
    guard !header.shape.contains(0) else {
      throw .unexpected(
        place: place, expected: "at least one example of at least one value",
        received: "an array of shape \(header.shape)", advice: "save an array that is not empty")
    }
    let count = try header.shape.elementCount(path: place)
    let byteCount = try [count, type.size].elementCount(path: place)
    var shape = header.shape
    shape[0] = min(shape[0], limit ?? shape[0])
    let kept = shape.reduce(1, *)
    // A truncated file needs less memory than its header says.
    if byteCount <= reader.largestCount {
      try AvailableMemory.check(
        kept * type.keptSize, place: place, what: "\(header.type.printable()) \(shape)"
      ) { available in
        let rows = available / 4 / (kept / shape[0] * type.keptSize)
        return rows > 0 && shape.count > 1
          ? "use the first examples with --limit \(rows), or a machine with more memory"
          : "use a machine with more memory"
      }
    }
    let isWhole = kept == count
    let reading = NPYReading(
      shape: header.shape, kept: kept, isFortranOrder: header.isFortranOrder, type: type,
      headerCount: headerCount, place: place)
    let elements = try reading.elements(&reader)
    if isWhole {
      let trailing = try reader.skipToEnd()
      guard trailing == 0 else {
        let expected = headerCount + byteCount
        throw .trailingBytes(path: place, expected: expected, received: expected + trailing)
      }
    }
    return NPY(shape: shape, rowCount: header.shape[0], elements: elements)
  }

  /// The header, and the number of bytes before the elements.
  static func header<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, place: String
  ) throws(DatasetError) -> (header: NPYHeader, byteCount: Int) {
    let start = try reader.read(8)
    guard start.count == 8 else {
      throw .truncated(path: place, expected: 10, received: start.count)
    }
    guard start.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .unexpected(
        place: place, expected: "an NPY file, which begins with 93 4e 55 4d 50 59",
        received: hexadecimal(start.prefix(6)),
        advice: "check that it is the right file")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .unexpected(
        place: place, expected: "version 1.0, 2.0 or 3.0 of NPY",
        received: "version \(start[6]).\(start[7])", advice: "save it again with NumPy")
    }
    let lengthSize = start[6] == 1 ? 2 : 4
    let length = try reader.read(lengthSize)
    let textCount = length.reversed().reduce(0) { $0 << 8 | Int($1) }
    let headerCount = 8 + lengthSize + textCount
    guard length.count == lengthSize else {
      throw .truncated(path: place, expected: 8 + lengthSize, received: 8 + length.count)
    }
    guard textCount <= largestHeader else {
      throw .unexpected(
        place: place, expected: "a header of at most \(largestHeader) bytes",
        received: "\(textCount)", advice: "save it again with NumPy")
    }
    let text = try reader.read(textCount)
    guard text.count == textCount else {
      throw .truncated(
        path: place, expected: headerCount, received: 8 + lengthSize + text.count)
    }
    guard let header = NPYHeader(text) else {
      throw .unexpected(
        place: place, expected: "a header with descr, fortran_order and shape",
        received: String(decoding: text, as: UTF8.self)
          .split(whereSeparator: \.isWhitespace).joined(separator: " ").printable(80),
        advice: "save it again with NumPy")
    }
    return (header, headerCount)
  }

  /// NumPy itself rejects headers above 10,000 bytes; a record of a thousand fields needs 30,000.
  private static let largestHeader = 1 << 20

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
