/// Reads a table's file: the hash of the whole file, and the needed bytes.
enum CSVContents {
  /// If only some rows are needed, this many bytes are read before it is checked whether the whole
  /// file fits into memory.
  private static let largestUnasked = 1 << 26

  /// - Parameter rowLimit: if the file has more rows, bytes after these rows may be left out; the
  ///   returned bytes end with a line.
  ///
  /// Throws before memory is allocated if the file and its numbers would not fit into the free
  /// memory.
  static func read(
    _ path: String, rowLimit: Int?
  ) throws(DatasetError) -> (DatasetFile, [UInt8]) {
    let reader = try FileReader(path)
    var bytes: [UInt8] = []
    // The header precedes the rows.
    var needed = RowCounter(most: rowLimit.map { $0 + 1 })
    var hasRoom = false
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while !needed.isEnough {
      let count = try reader.fill(piece)
      guard count > 0 else { break }
      let read = UnsafeRawBufferPointer(rebasing: piece[..<count])
      if bytes.isEmpty, let rowLimit,
        String(decoding: read.prefix(8), as: UTF8.self).contains("sep=")
      {
        needed = RowCounter(most: rowLimit + 2)
      }
      // UTF-16 has other line breaks, so all of it is read.
      if bytes.isEmpty, read.starts(with: [0xff, 0xfe]) || read.starts(with: [0xfe, 0xff]) {
        needed = RowCounter(most: nil)
      }
      // If the end of the rows is not found, the whole file is needed.
      if !hasRoom, rowLimit == nil || bytes.count > Self.largestUnasked {
        try expectRoom(reader, read)
        bytes.reserveCapacity(reader.byteCount)
        hasRoom = true
      }
      bytes.append(contentsOf: read[..<needed.add(read)])
    }
    return (try reader.finish(), bytes)
  }

  /// The file and its numbers are in memory together, and the numbers twice while their array
  /// grows. Their count is estimated from the beginning of the file.
  private static func expectRoom(
    _ reader: FileReader, _ beginning: UnsafeRawBufferPointer
  ) throws(DatasetError) {
    let ends: [UInt8] = [0x2c, 0x3b, 0x09, 0x0a]
    let fields = beginning.prefix(1 << 16).count { ends.contains($0) }
    let numbers =
      Double(fields * MemoryLayout<Double>.stride) / Double(min(beginning.count, 1 << 16))
    try AvailableMemory.check(
      Int(Double(reader.byteCount) * (1 + 2 * numbers)), place: reader.path,
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
