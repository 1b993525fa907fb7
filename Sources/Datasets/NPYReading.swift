/// Reads the elements of an NPY file, block by block.
struct NPYReading {
  /// The file's shape.
  let shape: [Int]
  /// The number of elements to keep: those of the first rows.
  let kept: Int
  let isFortranOrder: Bool
  let type: NPYType
  /// Bytes before the elements, for messages.
  let headerCount: Int
  let place: String

  private static let blockSize = 1 << 20

  func elements<Reader: ByteReader & ~Copyable>(
    _ reader: inout Reader
  ) throws(DatasetError) -> NPY.Elements {
    switch (type.kind, type.size) {
    case (.unsigned, 1): .bytes(try numbers(&reader, UInt8.self, 0) { $0 })
    case (.boolean, _): .floats(try numbers(&reader, UInt8.self, 0) { $0 == 0 ? 0 : 1 })
    case (.signed, 1): .floats(try numbers(&reader, UInt8.self, 0) { Float(Int8(bitPattern: $0)) })
    case (.signed, 2):
      .floats(try numbers(&reader, UInt16.self, 0) { Float(Int16(bitPattern: $0)) })
    case (.unsigned, 2): .floats(try numbers(&reader, UInt16.self, 0) { Float($0) })
    case (.float, 2):
      .floats(try numbers(&reader, UInt16.self, 0) { Float(Float16(bitPattern: $0)) })
    case (.float, 4): .floats(try numbers(&reader, UInt32.self, 0) { Float(bitPattern: $0) })
    case (.signed, 4):
      .doubles(try numbers(&reader, UInt32.self, 0) { Double(Int32(bitPattern: $0)) })
    case (.unsigned, 4): .doubles(try numbers(&reader, UInt32.self, 0) { Double($0) })
    case (.signed, _):
      .doubles(try numbers(&reader, UInt64.self, 0) { Double(Int64(bitPattern: $0)) })
    case (.unsigned, _): .doubles(try numbers(&reader, UInt64.self, 0) { Double($0) })
    case (.float, _): .doubles(try numbers(&reader, UInt64.self, 0) { Double(bitPattern: $0) })
    }
  }

  /// Reads words and converts them to numbers.
  private func numbers<Reader: ByteReader & ~Copyable, Word: FixedWidthInteger, Number>(
    _ reader: inout Reader, _: Word.Type, _ zero: Number, _ number: (Word) -> Number
  ) throws(DatasetError) -> [Number] {
    let size = MemoryLayout<Word>.size
    let order = isFortranOrder && shape.count > 1 ? ColumnOrder(shape) : nil
    // In Fortran order, the elements of the first rows are spread over the file.
    let wanted = order == nil ? kept : shape.reduce(1, *)
    // The header may claim more than the file has; memory is only allocated for what exists.
    if wanted * size > reader.largestCount {
      let left = try reader.skipToEnd()
      if left < wanted * size { throw truncated(wanted * size, left) }
    }
    var result = [Number](repeating: zero, count: kept)
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(Self.blockSize, wanted * size), alignment: 64)
    defer { block.deallocate() }
    var start = 0
    while start < wanted {
      let count = min(block.count / size, wanted - start)
      let received = try reader.fill(
        UnsafeMutableRawBufferPointer(rebasing: block[..<(count * size)]))
      guard received == count * size else {
        throw truncated(wanted * size, start * size + received)
      }
      let words = UnsafeRawBufferPointer(block).bindMemory(to: Word.self)
      result.withUnsafeMutableBufferPointer { result in
        for index in 0..<count {
          let word =
            type.isBigEndian ? Word(bigEndian: words[index]) : Word(littleEndian: words[index])
          guard let order else {
            result[start + index] = number(word)
            continue
          }
          let place = order.place(of: start + index)
          if place < kept { result[place] = number(word) }
        }
      }
      start += count
    }
    return result
  }

  private func truncated(_ expected: Int, _ received: Int) -> DatasetError {
    .truncated(path: place, expected: headerCount + expected, received: headerCount + received)
  }
}

/// Maps elements in Fortran order to row-major order.
private struct ColumnOrder {
  private let rows: Int
  /// For each index within a row in Fortran order, the row-major index.
  private let within: [Int]

  init(_ shape: [Int]) {
    rows = shape[0]
    let own = shape.dropFirst()
    within = (0..<own.reduce(1, *)).map { index in
      var (rest, place, stride) = (index, 0, own.reduce(1, *))
      for size in own {
        stride /= size
        place += rest % size * stride
        rest /= size
      }
      return place
    }
  }

  func place(of index: Int) -> Int {
    let (column, row) = index.quotientAndRemainder(dividingBy: rows)
    return row * within.count + within[column]
  }
}
