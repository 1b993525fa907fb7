/// How much memory a table needs, estimated from the beginning of its file.
struct TableSize {
  /// The bytes that are examined.
  static let sampleCount = 1 << 16

  private(set) var textByteCount: Int
  private(set) var numberByteCount: Int

  /// Of a whole file.
  init(_ byteCount: Int, beginning: [UInt8]) {
    let ends: [UInt8] = [0x2c, 0x3b, 0x09, 0x0a]
    let fields = beginning.count { ends.contains($0) }
    textByteCount = byteCount
    numberByteCount = Int(
      Double(byteCount) * Double(fields * MemoryLayout<Double>.stride)
        / Double(max(beginning.count, 1)))
  }

  /// Of a file, or of its first rows.
  init(_ path: String, rowLimit: Int?) throws(DatasetError) {
    let reader = try FileReader(path)
    let beginning = try reader.peek(Self.sampleCount)
    self.init(reader.byteCount, beginning: beginning)
    let lines = beginning.count { $0 == 0x0a }
    guard let rowLimit, lines > 0 else { return }
    let needed = Double(beginning.count) / Double(lines) * Double(rowLimit + 1)
    let share = min(needed / Double(max(textByteCount, 1)), 1)
    textByteCount = Int(Double(textByteCount) * share)
    numberByteCount = Int(Double(numberByteCount) * share)
  }

  /// The text and its numbers are in memory together, and the numbers twice while their array grows.
  var byteCountInMemory: Int { textByteCount + 2 * numberByteCount }

  /// Whether the numbers need more than this, or reading them more than three times as much: about
  /// all that a process may have, of which this is the part for examples.
  func exceeds(_ limit: Int) -> Bool {
    limit == 0 || numberByteCount > limit || byteCountInMemory / 3 > limit
  }

  static func + (one: TableSize, other: TableSize) -> TableSize {
    var sum = one
    sum.textByteCount += other.textByteCount
    sum.numberByteCount += other.numberByteCount
    return sum
  }
}
