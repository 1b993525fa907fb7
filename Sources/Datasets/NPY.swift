/// An array read from an NPY file, NumPy's own format.
///
/// `\x93NUMPY`, two version bytes, the header's length (2 bytes little-endian in version 1, 4 in
/// versions 2 and 3), the header (see `NPYHeader`), then the elements to the file's end. Elements
/// are little-endian and row-major: bytes (`u1`), floats (`f4`, `f8`, kept as `f4`), or integers.
package struct NPY: Hashable, Sendable {
  package let shape: [Int]
  package let elements: Elements

  package enum Elements: Hashable, Sendable {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int64])
  }

  /// Parses a whole file; the header is judged before memory is taken for what it claims.
  /// - `place`: what messages call the file.
  package static func decode(_ file: [UInt8], place: String) throws(DatasetError) -> NPY {
    var reader = PlainReader(file)
    return try decode(&reader, place: place)
  }

  static func decode<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, place: String
  ) throws(DatasetError) -> NPY {
    let (header, headerCount) = try header(&reader, place: place)
    guard let type = ElementType(header.type) else {
      throw unsupported(header.type, place: place)
    }
    guard !header.isFortranOrder || header.shape.count < 2 else {
      throw .unexpected(
        place: place, expected: "rows one after the other", received: "columns (Fortran order)",
        advice: "save numpy.ascontiguousarray(array)")
    }
    guard !header.shape.isEmpty else {
      throw .unexpected(
        place: place, expected: "an array of at least one dimension", received: "a single number",
        advice: "save one example to a row")
    }
    let count = try header.shape.elementCount(path: place)
    let byteCount = try [count, type.size].elementCount(path: place)
    let bytes = try reader.read(byteCount)
    guard bytes.count == byteCount else {
      throw .truncated(
        path: place, expected: headerCount + byteCount, received: headerCount + bytes.count)
    }
    let trailing = try reader.skipToEnd()
    guard trailing == 0 else {
      let expected = headerCount + byteCount
      throw .trailingBytes(path: place, expected: expected, received: expected + trailing)
    }
    return NPY(
      shape: header.shape, elements: try type.elements(bytes, shape: header.shape, place: place))
  }

  /// The header, and how many bytes lie before the elements.
  private static func header<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader, place: String
  ) throws(DatasetError) -> (NPYHeader, byteCount: Int) {
    let start = try reader.read(8)
    guard start.count == 8 else {
      throw .truncated(path: place, expected: 10, received: start.count)
    }
    guard start.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .unexpected(
        place: place, expected: "an NPY file, which begins with 93 4e 55 4d 50 59",
        received: hexadecimal(start.prefix(6)),
        advice: "check that the file is what its name says")
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
    let text = try reader.read(textCount)
    guard text.count == textCount else {
      throw .truncated(
        path: place, expected: headerCount, received: 8 + lengthSize + text.count)
    }
    guard let header = NPYHeader(text) else {
      throw .unexpected(
        place: place, expected: "a header with descr, fortran_order and shape",
        received: String(decoding: text.prefix(80).filter { $0 >= 0x20 }, as: UTF8.self)
          .split(separator: " ").joined(separator: " "),
        advice: "save it again with NumPy")
    }
    return (header, headerCount)
  }

  private static func unsupported(_ type: String, place: String) -> DatasetError {
    let advice =
      switch type.first {
      case ">": "save array.astype(array.dtype.newbyteorder('<'))"
      case "[": "save one field of the record"
      default: "save array.astype('float32')"
      }
    return .unexpected(
      place: place,
      expected: "little-endian bytes (u1), floats (f4, f8) or, for labels, integers",
      received: type, advice: advice)
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

/// How elements lie in the file.
private enum ElementType {
  case bytes, float32, float64
  case integer(size: Int, isSigned: Bool)

  init?(_ name: String) {
    guard "|<=".contains(name.first ?? " ") else { return nil }
    switch name.dropFirst() {
    case "u1": self = .bytes
    case "f4": self = .float32
    case "f8": self = .float64
    case "i1": self = .integer(size: 1, isSigned: true)
    case "i2": self = .integer(size: 2, isSigned: true)
    case "i4": self = .integer(size: 4, isSigned: true)
    case "i8": self = .integer(size: 8, isSigned: true)
    case "u2": self = .integer(size: 2, isSigned: false)
    case "u4": self = .integer(size: 4, isSigned: false)
    default: return nil
    }
  }

  var size: Int {
    switch self {
    case .bytes: 1
    case .float32: 4
    case .float64: 8
    case .integer(let size, _): size
    }
  }

  func elements(
    _ bytes: [UInt8], shape: [Int], place: String
  ) throws(DatasetError) -> NPY.Elements {
    switch self {
    case .bytes:
      return .bytes(bytes)
    case .float32:
      let floats = words(bytes, UInt32.self) { Float(bitPattern: $0) }
      try check(floats, { Double(floats[$0]) }, shape, place)
      return .floats(floats)
    case .float64:
      let doubles = words(bytes, UInt64.self) { Double(bitPattern: $0) }
      let floats = doubles.map { Float($0) }
      try check(floats, { doubles[$0] }, shape, place)
      return .floats(floats)
    case .integer(let size, let isSigned):
      switch (size, isSigned) {
      case (1, _): return .integers(bytes.map { Int64(Int8(bitPattern: $0)) })
      case (2, true): return .integers(words(bytes, UInt16.self) { Int64(Int16(bitPattern: $0)) })
      case (2, false): return .integers(words(bytes, UInt16.self) { Int64($0) })
      case (4, true): return .integers(words(bytes, UInt32.self) { Int64(Int32(bitPattern: $0)) })
      case (4, false): return .integers(words(bytes, UInt32.self) { Int64($0) })
      default: return .integers(words(bytes, UInt64.self) { Int64(bitPattern: $0) })
      }
    }
  }

  private func words<Word: FixedWidthInteger, Number>(
    _ bytes: [UInt8], _: Word.Type, _ number: (Word) -> Number
  ) -> [Number] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / MemoryLayout<Word>.size).map { index in
        number(
          Word(
            littleEndian: buffer.loadUnaligned(
              fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)))
      }
    }
  }

  /// Not a number, infinite, or beyond `Float`: such examples would end every training run.
  private func check(
    _ floats: [Float], _ original: (Int) -> Double, _ shape: [Int], _ place: String
  ) throws(DatasetError) {
    guard let index = floats.firstIndex(where: { !$0.isFinite }) else { return }
    var (position, rest): ([Int], Int) = ([], index)
    for size in shape.reversed() {
      position.insert(rest % size, at: 0)
      rest /= size
    }
    throw .unexpected(
      place: place, expected: "finite 32-bit floats",
      received: "\(original(index)) at \(position)", advice: "clean the array before saving it")
  }
}
