import CHDF5

extension StoredArray {
  /// A data set of an HDF5 file, whose library tells where its numbers lie; it reads them if they do
  /// not lie one after the other.
  /// - Parameter name: its path in the file; nil: the only one in the root group.
  init(hdf5 path: String, dataset name: String?) throws(DatasetError) {
    let result = HDF5Rows.library.withLock { _ in
      Result { () throws(DatasetError) in try Self.describe(path, name) }
    }
    self = try result.get()
  }

  private static func describe(
    _ path: String, _ name: String?
  ) throws(DatasetError) -> StoredArray {
    func wrong(_ expected: String, _ received: String, _ advice: String) -> DatasetError {
      .unexpected(place: path, expected: expected, received: received, advice: advice)
    }
    // Reasons why it cannot be opened, in our words.
    let file = try RowFile(path, offset: 0, rowByteCount: 1, rowCount: 0)
    if let reason = chdf5_load() {
      throw wrong(
        "HDF5's library, which reads this file", String(cString: reason),
        "install the package hdf5-tools")
    }
    let damaged = wrong(
      "an HDF5 file", "one that HDF5's library cannot open", "check that it is the right file")
    let count = chdf5_count(path)
    guard count >= 0 else { throw damaged }
    let names = (0..<min(count, 10)).map { index in
      var text = [CChar](repeating: 0, count: Int(CHDF5_LARGEST_NAME) + 1)
      _ = chdf5_name(path, index, &text)
      return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let list = names.isEmpty ? "none" : names.map { $0.printable() }.joined(separator: ", ")
    guard let name = name ?? (count == 1 ? names.first : nil) else {
      throw wrong(
        "only one data set in the file's root group", list,
        "name one, such as --data \(path):/\(names.first?.printable() ?? "name")")
    }
    var array = chdf5_array()
    switch chdf5_describe(path, name, &array) {
    case 0: break
    case -1: throw damaged
    default:
      throw wrong(
        "one of its data sets, such as \(list)", name.printable(), "check the spelling")
    }
    guard let element = array.element else {
      throw wrong(
        "little-endian numbers of uint8, float16, bfloat16, float32 or float64 in \(name.printable())",
        "\(array.is_float == 1 ? "floats" : array.is_float == 0 ? "integers" : "others") of \(8 * array.size) bits",
        "save them as float32")
    }
    let shape = withUnsafeBytes(of: array.shape) {
      $0.bindMemory(to: UInt64.self).prefix(Int(array.rank)).map { Int(clamping: $0) }
    }
    guard !shape.isEmpty else {
      throw wrong(
        "an array of at least one dimension in \(name.printable())", "a single number",
        "save an array")
    }
    guard array.offset >= 0 else {
      _ = try [shape.elementCount(path: path), element.byteCount].elementCount(path: path)
      return StoredArray(path: path, offset: 0, shape: shape, element: element, dataset: name)
    }
    let byteCount = try [shape.elementCount(path: path), element.byteCount].elementCount(path: path)
    guard Int(array.offset) + byteCount <= file.byteCount else {
      throw .truncated(
        path: path, expected: Int(array.offset) + byteCount, received: file.byteCount)
    }
    return StoredArray(path: path, offset: Int(array.offset), shape: shape, element: element)
  }
}

extension chdf5_array {
  fileprivate var element: StoredElement? {
    guard size == 1 || is_little_endian != 0 else { return nil }
    switch (is_float, size, exponent_bits) {
    case (0, 1, _) where is_signed == 0: return .uint8
    case (1, 4, 8): return .float32
    case (1, 8, 11): return .float64
    case (1, 2, 5): return .float16
    case (1, 2, 8): return .bfloat16
    default: return nil
    }
  }
}
