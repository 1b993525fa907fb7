import Datasets
import Foundation
import Graphs

extension Safetensors {
  /// Reads a file.
  /// - Throws: `TrainingError.unreadable`; `.safetensors` if the file is not one, or has other
  ///   elements than float32.
  package init(path: String) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      let code = access(path, R_OK) == 0 ? EISDIR : errno
      throw .unreadable(
        path: path,
        reason: code == ENOENT ? "no such file" : String(cString: strerror(code)).lowercased())
    }
    try self.init(bytes: [UInt8](data), path: path)
  }

  /// Reads the bytes of a file; `path` is for errors.
  package init(bytes: [UInt8], path: String) throws(TrainingError) {
    let header = try Self.header(of: bytes, path: path)
    var tensors: [Tensor] = []
    var ranges: [(name: String, bytes: Range<Int>)] = []
    var names: Set<String> = []
    metadata = [:]
    for (name, value) in header.fields {
      guard names.insert(name).inserted else {
        throw .safetensors(path: path, expected: "different names", received: "\(name) twice")
      }
      if name == "__metadata__" {
        metadata = try Self.metadata(value, path: path)
      } else {
        let entry = try Entry(name: name, value, path: path)
        ranges.append((name, entry.bytes))
        guard !entry.isCounter else { continue }
        tensors.append(try entry.tensor(in: bytes[header.end...], path: path))
      }
    }
    try Self.check(ranges, fill: bytes.count - header.end, path)
    self.tensors = tensors.sorted { $0.name < $1.name }
  }

  /// The header's fields, and the offset of its end.
  private static func header(
    of bytes: [UInt8], path: String
  ) throws(TrainingError) -> (fields: [(String, JSON)], end: Int) {
    guard bytes.count >= 8 else {
      throw .safetensors(
        path: path, expected: "a safetensors file, at least 8 bytes",
        received: "\(bytes.count) bytes")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw .safetensors(
        path: path, expected: "a header that ends within the file's \(bytes.count) bytes",
        received: "a header of \(length) bytes")
    }
    let end = 8 + Int(length)
    do throws(JSON.Malformed) {
      guard case .object(let fields) = try JSON(parsing: bytes[8..<end]) else {
        throw JSON.Malformed(reason: "another value")
      }
      return (fields, end)
    } catch {
      throw .safetensors(
        path: path, expected: "a header that is a JSON object", received: error.reason)
    }
  }

  private static func metadata(
    _ value: JSON, path: String
  ) throws(TrainingError) -> [String: String] {
    guard case .object(let fields) = value else {
      throw .safetensors(
        path: path, expected: "__metadata__ to be an object", received: value.kind)
    }
    var metadata: [String: String] = [:]
    for (key, value) in fields {
      guard case .string(let text) = value else {
        throw .safetensors(
          path: path, expected: "a string for \(key) in __metadata__", received: value.kind)
      }
      metadata[key] = text
    }
    return metadata
  }

  /// Throws unless the tensors' ranges cover `count` bytes without gaps and overlaps.
  private static func check(
    _ ranges: [(name: String, bytes: Range<Int>)], fill count: Int, _ path: String
  ) throws(TrainingError) {
    var end = 0
    let sorted = ranges.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    for (name, range) in sorted {
      guard range.lowerBound == end else {
        throw .safetensors(
          path: path,
          expected: "\(name) at byte \(end) of the values, where the previous tensor ends",
          received: range.lowerBound < end
            ? "byte \(range.lowerBound), an overlap" : "byte \(range.lowerBound), a gap")
      }
      end = range.upperBound
    }
    guard end == count else {
      throw .safetensors(
        path: path, expected: "\(end) bytes of values", received: "\(count) bytes")
    }
  }
}

/// The header's entry for one tensor.
private struct Entry {
  let name: String
  let shape: Shape
  let bytes: Range<Int>
  /// Whether it is an integer counter that PyTorch keeps with the statistics of a batch
  /// normalization.
  let isCounter: Bool

  init(name: String, _ value: JSON, path: String) throws(TrainingError) {
    func wrong(_ expected: String, _ received: String) -> TrainingError {
      .safetensors(path: path, expected: "\(name) with \(expected)", received: received)
    }
    guard case .string(let type)? = value["dtype"] else {
      throw wrong("a dtype", value["dtype"]?.kind ?? "none")
    }
    isCounter = type == "I64" && name.hasSuffix(".num_batches_tracked")
    guard type == "F32" || isCounter else { throw wrong("dtype F32", type) }
    guard let sizes = value["shape"]?.integers else {
      throw wrong("a shape of whole numbers", value["shape"]?.kind ?? "none")
    }
    guard let offsets = value["data_offsets"]?.integers, offsets.count == 2,
      offsets[0] <= offsets[1]
    else {
      throw wrong(
        "two data_offsets, the first not above the second",
        value["data_offsets"]?.integers.map { "\($0)" } ?? value["data_offsets"]?.kind ?? "none")
    }
    var byteCount = isCounter ? 8 : 4
    for size in sizes {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard !overflow else { throw wrong("a shape that fits into memory", "\(sizes)") }
      byteCount = product
    }
    guard byteCount == offsets[1] - offsets[0] else {
      throw wrong("\(byteCount) bytes for its shape \(sizes)", "\(offsets[1] - offsets[0])")
    }
    self.name = name
    shape = Shape(sizes)
    bytes = offsets[0]..<offsets[1]
  }

  func tensor(
    in values: ArraySlice<UInt8>, path: String
  ) throws(TrainingError) -> Safetensors.Tensor {
    guard bytes.upperBound <= values.count else {
      throw .safetensors(
        path: path, expected: "\(name) within the file's \(values.count) bytes of values",
        received: "bytes \(bytes.lowerBound) to \(bytes.upperBound)")
    }
    let start = values.startIndex + bytes.lowerBound
    let floats = values.withUnsafeBytes { buffer in
      (0..<shape.count).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: buffer.loadUnaligned(
              fromByteOffset: start - values.startIndex + 4 * index, as: UInt32.self)))
      }
    }
    return Safetensors.Tensor(name: name, shape: shape, values: floats)
  }
}
