/// An array of numbers within a file, as the file's header describes it.
struct StoredArray {
  let path: String
  /// Bytes before the first number.
  let offset: Int
  let shape: [Int]
  let element: StoredElement
  /// The data set of an HDF5 file whose library reads it, as its numbers do not lie one after the other.
  var dataset: String?

  /// The shape of an example: `[N, H, W]` are images of one channel, `[N]` examples of one value.
  var exampleShape: [Int] {
    let own = Array(shape.dropFirst())
    return own.isEmpty ? [1] : own.count == 2 ? own + [1] : own
  }

  var rowSize: Int { shape.dropFirst().reduce(1, *) }
  var byteCount: Int { shape.reduce(1, *) * element.byteCount }

  func open() throws(DatasetError) -> RowFile {
    try RowFile(
      path, offset: offset, rowByteCount: rowSize * element.byteCount, rowCount: shape[0],
      chunks: dataset.map { name throws(DatasetError) in try HDF5Rows(path, name) })
  }
}

extension StoredArray {
  /// Reads the file once: its hash, and the range of its numbers, which must be finite.
  /// - Parameter count: the rows whose numbers count, from the first.
  func examine(
    _ range: inout StoredRange, rows count: Int = .max
  ) throws(DatasetError) -> (rows: RowFile, file: DatasetFile) {
    let rows = try open()
    var hash = try SHA256()
    // A multiple of the size of every type.
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 64)
    defer { block.deallocate() }
    let used = min(count, shape[0]) * rows.rowByteCount
    let numbers = dataset == nil ? offset..<offset + used : 0..<0
    var place = 0
    var progress = LongReading(path, of: rows.byteCount)
    while place < rows.byteCount {
      // No block crosses the ends of the numbers.
      let end =
        place < numbers.lowerBound
        ? numbers.lowerBound : place < numbers.upperBound ? numbers.upperBound : rows.byteCount
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: block[..<min(block.count, end - place)])
      try rows.read(at: place, into: bytes)
      hash.update(UnsafeRawBufferPointer(bytes))
      if numbers.contains(place) {
        range.add(UnsafeRawBufferPointer(bytes))
        guard range.isFinite else {
          throw notFinite(
            in: UnsafeRawBufferPointer(bytes), from: place - numbers.lowerBound,
            mayMiss: range.mayMiss)
        }
      }
      place += bytes.count
      progress.add(bytes.count)
    }
    if dataset != nil { try look(through: rows, min(count, rows.rowCount), &range) }
    return (rows, DatasetFile(path: path, sha256: hash.finish()))
  }

  /// The range of numbers that HDF5's library reads.
  private func look(
    through rows: RowFile, _ rowCount: Int, _ range: inout StoredRange
  ) throws(DatasetError) {
    let count = max((4 << 20) / max(rows.rowByteCount, 1), 1)
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * rows.rowByteCount, alignment: 64)
    defer { block.deallocate() }
    var progress = LongReading(path, of: rowCount * rows.rowByteCount)
    for first in stride(from: 0, to: rowCount, by: count) {
      let part = first..<min(first + count, rowCount)
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: block[..<(part.count * rows.rowByteCount)])
      try rows.read(part, into: bytes)
      progress.add(bytes.count)
      range.add(UnsafeRawBufferPointer(bytes))
      guard range.isFinite else {
        throw notFinite(
          in: UnsafeRawBufferPointer(bytes), from: first * rows.rowByteCount,
          mayMiss: range.mayMiss)
      }
    }
  }

  /// - Parameter offset: the block's first byte, counted from the first number.
  private func notFinite(
    in block: UnsafeRawBufferPointer, from offset: Int, mayMiss: Bool
  ) -> DatasetError {
    let values = element.doubles(in: block, byteScale: 1)
    let index = values.firstIndex { !$0.isFinite && !(mayMiss && $0.isNaN) } ?? 0
    return NPY.notFinite(values[index], at: offset / element.byteCount + index, shape, place: path)
  }
}
