extension StoredArray {
  /// The array of an IDX file of unsigned bytes that is not compressed.
  init(idx path: String) throws(DatasetError) {
    let reader = try FileReader(path)
    let start = try reader.peek(4)
    guard start.count == 4, start[0] == 0, start[1] == 0 else {
      throw .notIDX(path: path, magic: start)
    }
    guard start[2] == 0x08 else { throw .unsupportedElements(path: path, type: start[2]) }
    let rank = Int(start[3])
    let headerCount = 4 + 4 * rank
    let header = try reader.peek(headerCount)
    guard header.count == headerCount, rank > 0 else {
      throw .truncated(path: path, expected: max(headerCount, 8), received: header.count)
    }
    let shape = (0..<rank).map { axis in
      header[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
    }
    let byteCount = try shape.elementCount(path: path)
    guard reader.byteCount <= headerCount + byteCount else {
      throw .trailingBytes(
        path: path, expected: headerCount + byteCount, received: reader.byteCount)
    }
    self.init(path: path, offset: headerCount, shape: shape, element: .uint8)
  }
}
