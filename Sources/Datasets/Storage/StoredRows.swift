/// Examples that stay in their files, and are read part by part.
package struct StoredRows: Hashable, Sendable {
  package let element: StoredElement
  /// Values of a row.
  package let rowSize: Int
  /// The rows of all files that are in use, counted from the first row of the first file.
  package let rows: Range<Int>
  /// The smallest and the largest value in the files.
  package let least, greatest: Double
  /// Mean and deviation of each feature over the rows in use, if they are needed.
  package internal(set) var moments: Moments?
  /// The bytes of neighbouring rows that are read at once while training.
  package var chunkByteCount = 4 << 20
  private let files: [RowFile]

  package struct Moments: Hashable, Sendable {
    let means, deviations: [Double]
  }

  /// All rows of some files.
  init(_ files: [RowFile], _ element: StoredElement, rowSize: Int, least: Double, greatest: Double)
  {
    (self.files, self.element, self.rowSize) = (files, element, rowSize)
    (self.least, self.greatest) = (least, greatest)
    rows = 0..<files.map(\.rowCount).reduce(0, +)
  }

  package var count: Int { rows.count }
  package var rowByteCount: Int { rowSize * element.byteCount }

  /// Part of these rows.
  package subscript(part: Range<Int>) -> StoredRows {
    StoredRows(self, rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound)
  }

  private init(_ whole: StoredRows, _ rows: Range<Int>) {
    (files, element, rowSize) = (whole.files, whole.element, whole.rowSize)
    (least, greatest, chunkByteCount) = (whole.least, whole.greatest, whole.chunkByteCount)
    self.rows = rows
  }

  /// Reads some of these rows, counted from 0.
  package func read(
    _ part: Range<Int>, into bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    var wanted = rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound
    var first = 0
    var place = 0
    for file in files {
      let here = wanted.clamped(to: first..<first + file.rowCount)
      if !here.isEmpty {
        let count = here.count * rowByteCount
        try file.read(
          here.lowerBound - first..<here.upperBound - first,
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count]))
        place += count
        wanted = here.upperBound..<wanted.upperBound
      }
      first += file.rowCount
    }
  }

  /// These rows in memory: bytes, or numbers as floats.
  package func loaded() throws(DatasetError) -> Examples.Elements {
    try elements(of: [0..<count])
  }

  /// Some of these rows in memory, in this order.
  package func loaded(_ rows: [Int]) throws(DatasetError) -> Examples.Elements {
    try elements(of: rows.map { $0..<$0 + 1 })
  }

  private func elements(of parts: [Range<Int>]) throws(DatasetError) -> Examples.Elements {
    var bytes = [UInt8](repeating: 0, count: parts.map(\.count).reduce(0, +) * rowByteCount)
    var place = 0
    for part in parts {
      let count = part.count * rowByteCount
      // `withUnsafeMutableBytes` has no typed errors.
      let result = bytes.withUnsafeMutableBytes { bytes in
        Result { () throws(DatasetError) in
          try read(
            part, into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count]))
        }
      }
      try result.get()
      place += count
    }
    guard element != .uint8 else { return .bytes(bytes) }
    return .floats(bytes.withUnsafeBytes { element.floats(in: $0) })
  }
}

extension StoredElement {
  /// The numbers in memory, as floats.
  func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    switch self {
    case .uint8: bytes.map { Float($0) }
    case .float32: Array(bytes.bindMemory(to: Float.self))
    case .float16: bytes.bindMemory(to: UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .bfloat16:
      bytes.bindMemory(to: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    }
  }
}
