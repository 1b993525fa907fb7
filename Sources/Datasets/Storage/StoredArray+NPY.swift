extension StoredArray {
  /// The array of an NPY file.
  init(npy path: String) throws(DatasetError) {
    var reader = try FileReader(path)
    let (header, byteCount) = try NPY.header(&reader, place: path)
    guard let type = NPYType(header.type) else {
      throw NPYType.unsupported(header.type, place: path)
    }
    let count = try header.shape.elementCount(path: path)
    _ = try [count, type.size].elementCount(path: path)
    guard let element = type.stored, !header.isFortranOrder || header.shape.count == 1,
      !header.shape.isEmpty
    else {
      throw .unexpected(
        place: path,
        expected:
          "little-endian numbers of uint8, float16, float32 or float64 in C order, as the file is read while training",
        received: "\(header.type.printable()) in \(header.isFortranOrder ? "Fortran" : "C") order",
        advice: "save numpy.ascontiguousarray(array, dtype='<f4')")
    }
    let file = try RowFile(path, offset: byteCount, rowByteCount: 1, rowCount: 0)
    let expected = byteCount + count * type.size
    guard file.byteCount <= expected else {
      throw .trailingBytes(path: path, expected: expected, received: file.byteCount)
    }
    self.init(path: path, offset: byteCount, shape: header.shape, element: element)
  }
}

extension NPYType {
  /// The type in which numbers stay in their file; nil if there is none.
  fileprivate var stored: StoredElement? {
    switch (kind, size) {
    case (.unsigned, 1): .uint8
    case (.float, 2) where !isBigEndian: .float16
    case (.float, 4) where !isBigEndian: .float32
    case (.float, 8) where !isBigEndian: .float64
    default: nil
    }
  }
}
