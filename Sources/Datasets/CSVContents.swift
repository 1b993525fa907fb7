/// Reads a table's file: the hash of the whole file, and the needed bytes.
enum CSVContents {
  /// If only some rows are needed, this many bytes are read before it is checked whether the whole
  /// file fits into memory.
  private static let largestUnasked = 1 << 26

  /// - Parameter options: with a limit of rows, bytes after these may be left out; the returned bytes end
  ///   with a line.
  ///
  /// Throws before memory is allocated if the file and its numbers would not fit into the free
  /// memory.
  static func read(
    _ path: String, _ options: DataOptions
  ) throws(DatasetError) -> (DatasetFile, [UInt8]) {
    let rowLimit = options.rowLimit
    let reader = try FileReader(path)
    var bytes: [UInt8] = []
    var hasRoom = false
    try forEachPart(reader, rowLimit: rowLimit) { (part, needed) throws(DatasetError) in
      // If the end of the rows is not found, the whole file is needed.
      if !hasRoom, rowLimit == nil || bytes.count > largestUnasked {
        try expectRoom(reader, separator: options.separator)
        bytes.reserveCapacity(reader.byteCount)
        hasRoom = true
      }
      bytes.append(contentsOf: part[..<needed])
    }
    return (try reader.finish(), bytes)
  }

  /// The hash of the whole file and the encoding of the needed bytes at its beginning, none of
  /// which stay in memory.
  ///
  /// Throws at the first part that is no text in UTF-8 or Windows-1252.
  static func scan(
    _ path: String, rowLimit: Int?
  ) throws(DatasetError) -> (file: DatasetFile, encoding: CSVEncoding) {
    var reader = try FileReader(path)
    var encoding = CSVEncoding()
    try forEachPart(reader, rowLimit: rowLimit) { (part, needed) throws(DatasetError) in
      encoding.add(UnsafeRawBufferPointer(rebasing: part[..<needed]))
      guard !encoding.isUTF16 else {
        throw .unexpected(
          place: path, expected: "text in UTF-8 in a table that does not fit into memory",
          received: "UTF-16", advice: "save it as CSV in UTF-8, or allow more memory")
      }
      try encoding.expectText(path: path)
    }
    _ = try reader.skipToEnd()
    return (try reader.finish(), encoding)
  }

  /// Passes on the parts of the file that have the needed rows, and how many of their bytes.
  private static func forEachPart(
    _ reader: FileReader, rowLimit: Int?,
    _ take: (UnsafeRawBufferPointer, Int) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    // The header precedes the rows.
    var needed = RowCounter(most: rowLimit.map { $0 + 1 })
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { part.deallocate() }
    var isFirst = true
    while !needed.isEnough {
      let count = try reader.fill(part)
      guard count > 0 else { break }
      let read = UnsafeRawBufferPointer(rebasing: part[..<count])
      if isFirst, let rowLimit,
        String(decoding: read.prefix(8), as: UTF8.self).lowercased().contains("sep=")
      {
        needed = RowCounter(most: rowLimit + 2)
      }
      // UTF-16 has other line breaks, so all of it is read.
      if isFirst, read.starts(with: [0xff, 0xfe]) || read.starts(with: [0xfe, 0xff]) {
        needed = RowCounter(most: nil)
      }
      isFirst = false
      try take(read, needed.add(read))
    }
  }

  /// The file and its numbers are in memory together, and the numbers twice while their array
  /// grows.
  private static func expectRoom(
    _ reader: FileReader, separator: Character?
  ) throws(DatasetError) {
    let size = TableSize(
      reader.byteCount, samples: try TableSize.samples(reader), separator: separator)
    try AvailableMemory.check(
      size.byteCountInMemory, place: reader.path,
      what: "a table of \(AvailableMemory.text(reader.byteCount)) and its numbers"
    ) { _ in "read its first rows only with --limit" }
  }
}

/// Finds the end of a number of non-blank lines, piece by piece.
private struct RowCounter {
  /// Lines still needed; nil for all.
  private var left: Int?
  private var (isQuoted, hasContent): (Bool, Bool) = (false, false)

  init(most: Int?) { left = most }

  var isEnough: Bool { left == 0 }

  /// Adds the next piece.
  /// - Returns: how many of its bytes are needed.
  mutating func add(_ piece: UnsafeRawBufferPointer) -> Int {
    guard var left else { return piece.count }
    defer { self.left = left }
    for (index, byte) in piece.enumerated() {
      switch byte {
      case 0x22: isQuoted.toggle()
      case 0x0a, 0x0d:
        guard !isQuoted, hasContent else { continue }
        hasContent = false
        left -= 1
        if left == 0 { return index + 1 }
      case 0x20, 0x09: break
      default: hasContent = true
      }
    }
    return piece.count
  }
}
