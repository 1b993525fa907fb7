import Datasets
import Foundation
import Reports
import TestFolders
import Testing

/// Files of the writers, read by the readers of data sets.
@Suite struct WriterTests {
  @Test func writesArraysInPieces() throws {
    try inFolder { folder in
      let path = folder + "/a.npy"
      let writer = try NPYWriter<Float>(path, shape: [3, 2])
      try writer.write([1.5, -2])
      try writer.write([])
      try writer.write([0.1, 3, .leastNonzeroMagnitude, 5])
      try writer.finish()
      let dataset = try Dataset.load(path, directory: nil)
      #expect(dataset.training.count == 3)
      #expect(dataset.training.shape == [2])
      #expect(
        dataset.training.elements == .floats([1.5, -2, 0.1, 3, .leastNonzeroMagnitude, 5]))
    }
  }

  /// The bytes of `numpy.save` for `numpy.array([1, -2, 3], 'i4')` and `numpy.array(7, 'i8')`.
  @Test func writesWhatNumPyWrites() throws {
    try inFolder { folder in
      func bytes<Element: NPYElement>(_ shape: [Int], _ elements: [Element]) throws -> [UInt8] {
        let writer = try NPYWriter<Element>(folder + "/a.npy", shape: shape)
        try writer.write(elements)
        try writer.finish()
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/a.npy")))
      }
      func header(_ text: String) -> [UInt8] {
        [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0] + Array(text.utf8)
          + [UInt8](repeating: 0x20, count: 117 - text.utf8.count) + [0x0a]
      }
      let integers = try bytes([3], [Int32(1), -2, 3])
      #expect(
        integers
          == header("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }")
          + [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 3, 0, 0, 0])
      let number = try bytes([], [Int64(7)])
      #expect(
        number
          == header("{'descr': '<i8', 'fortran_order': False, 'shape': (), }")
          + [7, 0, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test func writesTablesRowByRow() throws {
    try inFolder { folder in
      let path = folder + "/a.csv"
      let writer = try CSVWriter(path, columns: ["row", "x, y", "w", "label"])
      try writer.write([.integer(0), .float(0.1), .double(0.1 + 0.2), .text("a \"b\"")])
      try writer.write([.integer(1), .float(-1e-20), .double(3), .text("c\r\nd")])
      try writer.write([.integer(2), .float(16_777_216), .double(1e22), .text("e")])
      #expect(!FileManager.default.fileExists(atPath: path))
      try writer.finish()
      #expect(
        try String(contentsOfFile: path, encoding: .utf8)
          == "row,\"x, y\",w,label\n0,0.1,0.30000000000000004,\"a \"\"b\"\"\"\n"
          + "1,-1e-20,3.0,\"c\r\nd\"\n2,16777216.0,1e+22,e\n")
      let options = DataOptions(columns: ["x, y"], label: "label")
      let dataset = try Dataset.load(path, directory: nil, options: options)
      #expect(dataset.training.elements == .doubles([0.1, -1e-20, 16_777_216]))
      #expect(dataset.labelNames == ["a \"b\"", "c\r\nd", "e"])
    }
  }

  @Test func writesRowsOfNothing() throws {
    try inFolder { folder in
      let one = try CSVWriter(folder + "/a.csv", columns: ["a"])
      try one.write([.none])
      try one.finish()
      #expect(try String(contentsOfFile: folder + "/a.csv", encoding: .utf8) == "a\n\"\"\n")
      let two = try CSVWriter(folder + "/a.csv", columns: ["a", "b"])
      try two.write([.none, .none])
      try two.finish()
      #expect(try String(contentsOfFile: folder + "/a.csv", encoding: .utf8) == "a,b\n,\n")
    }
  }
}
