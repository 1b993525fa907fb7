import Datasets
import TestFolders
import Testing

/// Examples that stay in an NPY file and are read in chunks of four rows, or as many as a batch needs.
enum StoredExamples {
  /// Five windows of training.
  static let rowCount = 300
  /// Three windows of an evaluation, whose batches have up to 1,000 examples.
  static let evaluatedCount = 2500

  /// - Parameter type: as NumPy names it; doubles are scaled.
  static func make(
    _ type: String, rows: Int = rowCount, in folder: TemporaryFolder
  ) throws -> Examples {
    try load(folder.write(file(type, rows: rows), to: "examples.npy"))
  }

  static func load(_ path: String) throws -> Examples {
    var options = DataOptions()
    options.streaming = 0
    var read = try Dataset.load(path, directory: nil, options: options).training
    if read.areDoubles {
      let scaling = FeatureScaling(shift: [Double](repeating: 0.01, count: 16), factor: [])
      read = try scaling.scaled(read, name: "examples.npy")
    }
    var stored = try #require(read.stored)
    stored.chunkByteCount = 4 * stored.rowByteCount
    return read.with(elements: .stored(stored), labels: nil)
  }

  /// An NPY file of rows of 16 numbers between 0 and 1, or bytes.
  static func file(_ type: String, rows: Int = rowCount, bytes: [UInt8]? = nil) -> [UInt8] {
    let bytes =
      bytes
      ?? (0..<rows * 16).map { (index: Int) -> UInt8 in
        UInt8(truncatingIfNeeded: index * 37 + index / 16)
      }
    let values = bytes.map { Float($0) / 256 }
    let numbers: [UInt8] =
      switch type {
      case "|u1": bytes
      case "<f8": littleEndian(bytes.map { Double($0) / 257 })
      case "<f2": littleEndian(values.map { Float16($0) })
      default: littleEndian(values)
      }
    return npy(type, "(\(rows), 16)", numbers)
  }
}
