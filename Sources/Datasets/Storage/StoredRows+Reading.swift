extension StoredRows {
  /// Runs of rows with at most so many bytes between them are read at once.
  private static let gapByteCount = 16 << 10
  private static let blockByteCount = 1 << 20
  /// Places whose runs are looked up at a time.
  private static let placesAtOnce = 1 << 16

  /// Reads some of these rows, counted from 0: as they are in the files, or scaled.
  package func read(
    _ part: Range<Int>, into bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    guard let scaling else { return try readAsStored(part, into: bytes) }
    let floats = bytes.bindMemory(to: Float.self)
    try forEachBlock(of: part) { (own, numbers) in
      let first = (own.lowerBound - part.lowerBound) * rowSize
      scaling.apply(
        to: numbers, of: element, rowSize: rowSize,
        into: UnsafeMutableBufferPointer(rebasing: floats[first..<first + own.count * rowSize]))
    }
  }

  /// Reads some of these rows as they are in the files.
  func readAsStored(
    _ part: Range<Int>, into bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    let size = storedRowByteCount
    for start in stride(from: part.lowerBound, to: part.upperBound, by: Self.placesAtOnce) {
      let own = start..<min(start + Self.placesAtOnce, part.upperBound)
      let first = (start - part.lowerBound) * size
      try read(
        selection.runs(at: rows.lowerBound + own.lowerBound..<rows.lowerBound + own.upperBound),
        into: UnsafeMutableRawBufferPointer(rebasing: bytes[first..<first + own.count * size]))
    }
  }

  private func read(
    _ runs: [Range<Int>], into bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    let size = storedRowByteCount
    var block: UnsafeMutableRawBufferPointer?
    defer { block?.deallocate() }
    var (index, place) = (0, 0)
    while index < runs.count {
      let first = runs[index].lowerBound
      var end = index + 1
      while end < runs.count,
        (runs[end].lowerBound - runs[end - 1].upperBound) * size <= Self.gapByteCount,
        (runs[end].upperBound - first) * size <= Self.blockByteCount
      { end += 1 }
      let together = runs[index..<end]
      let count = together.map(\.count).reduce(0, +) * size
      let target = UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count])
      if together.count == 1 {
        try read(rowsOfFiles: runs[index], into: target)
      } else {
        let span = first..<together.last!.upperBound
        let all = block ?? .allocate(byteCount: Self.blockByteCount, alignment: 64)
        block = all
        try read(
          rowsOfFiles: span,
          into: UnsafeMutableRawBufferPointer(rebasing: all[..<(span.count * size)]))
        var start = 0
        for run in together {
          let offset = (run.lowerBound - first) * size
          UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: all[offset..<offset + run.count * size]))
          start += run.count * size
        }
      }
      (index, place) = (end, place + count)
    }
  }

  /// Passes all rows on as they are in the files, block by block.
  func forEachBlock(
    _ body: (Range<Int>, UnsafeRawBufferPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var progress = LongReading(path, of: storedByteCount)
    try forEachBlock(of: 0..<count) { (own, numbers) throws(DatasetError) in
      try body(own, numbers)
      progress.add(numbers.count)
    }
  }

  /// Passes some of these rows on as they are in the files, block by block.
  func forEachBlock(
    of part: Range<Int>, _ body: (Range<Int>, UnsafeRawBufferPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let count = max(Self.blockByteCount / storedRowByteCount, 1)
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(count, part.count) * storedRowByteCount, alignment: 64)
    defer { block.deallocate() }
    for first in stride(from: part.lowerBound, to: part.upperBound, by: count) {
      let own = first..<min(first + count, part.upperBound)
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: block[..<(own.count * storedRowByteCount)])
      try readAsStored(own, into: bytes)
      try body(own, UnsafeRawBufferPointer(bytes))
    }
  }

  /// These rows in memory: bytes, or numbers as floats or doubles.
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
    return switch elementAsRead {
    case .uint8: .bytes(bytes)
    case .float64: .doubles(bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) })
    case .float16, .bfloat16, .float32:
      .floats(bytes.withUnsafeBytes { elementAsRead.floats(in: $0) })
    }
  }
}

extension StoredElement {
  /// Converts numbers to floats, bytes times `byteScale`.
  func copy(
    _ bytes: UnsafeRawBufferPointer, to floats: UnsafeMutableBufferPointer<Float>,
    byteScale: Float = 1
  ) {
    func each<Number>(_ type: Number.Type, _ float: (Number) -> Float) {
      for (index, number) in bytes.bindMemory(to: type).enumerated() {
        floats[index] = float(number)
      }
    }
    switch self {
    case .uint8: each(UInt8.self) { byteScale * Float($0) }
    case .float16: each(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: _ = floats.update(fromContentsOf: bytes.bindMemory(to: Float.self))
    case .float64: each(Double.self) { Float($0) }
    }
  }

  /// The numbers in memory, as floats.
  func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    [Float](unsafeUninitializedCapacity: bytes.count / byteCount) { floats, count in
      count = bytes.count / byteCount
      copy(bytes, to: UnsafeMutableBufferPointer(rebasing: floats[..<count]))
    }
  }

  /// The numbers as doubles, bytes times `byteScale`.
  func doubles(in bytes: UnsafeRawBufferPointer, byteScale: Double) -> [Double] {
    switch self {
    case .uint8: bytes.map { byteScale * Double($0) }
    case .float16, .bfloat16, .float32: floats(in: bytes).map(Double.init)
    case .float64: Array(bytes.bindMemory(to: Double.self))
    }
  }
}
