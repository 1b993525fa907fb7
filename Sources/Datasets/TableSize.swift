/// How much memory a table needs, estimated from parts of its file.
struct TableSize {
  /// The bytes of a part that is examined.
  static let sampleCount = 1 << 16

  private(set) var textByteCount: Int
  private(set) var numberByteCount: Int

  /// Of a whole file.
  /// - Parameters:
  ///   - samples: parts of it, of which the one with the most fields counts: a beginning may be a header
  ///     of long names alone.
  ///   - separator: its separator if it is known.
  init(_ byteCount: Int, samples: [[UInt8]], separator: Character?) {
    let separators: [UInt8] =
      separator?.asciiValue.map { [$0] } ?? [0x2c, 0x3b, 0x09, 0x7c]
    let density =
      samples.map { sample in
        Double(sample.count { $0 == 0x0a || separators.contains($0) })
          / Double(max(sample.count, 1))
      }.max() ?? 0
    textByteCount = byteCount
    numberByteCount = Int(Double(byteCount) * density * Double(MemoryLayout<Double>.stride))
  }

  /// The beginning of a file and a part of its middle.
  static func samples(_ reader: FileReader) throws(DatasetError) -> [[UInt8]] {
    [try reader.peek(sampleCount), try reader.peek(sampleCount, at: reader.byteCount / 2)]
  }

  /// Of a file, or of its first rows.
  init(_ path: String, _ options: DataOptions) throws(DatasetError) {
    let reader = try FileReader(path)
    let samples = try Self.samples(reader)
    self.init(reader.byteCount, samples: samples, separator: options.separator)
    let beginning = samples[0]
    let lines = beginning.count { $0 == 0x0a }
    guard let rowLimit = options.rowLimit, lines > 0 else { return }
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
