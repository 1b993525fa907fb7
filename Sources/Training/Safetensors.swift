import Datasets
import Graphs
import Reports

/// Named float32 tensors with text metadata, as in a safetensors file.
///
/// The file contains: the length of its header, 8 bytes, little-endian; the header, JSON padded
/// with spaces to a multiple of 8 bytes; the values, little-endian. Tensors are written in the
/// order of their names, so equal contents give equal bytes.
/// https://huggingface.co/docs/safetensors
package struct Safetensors: Hashable, Sendable {
  /// One tensor, row-major.
  package struct Tensor: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    package let values: [Float]

    package init(name: String, shape: Shape, values: [Float]) {
      precondition(values.count == shape.count, "\(name): the values must fill \(shape)")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  package var tensors: [Tensor]
  package var metadata: [String: String]

  package init(tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// Writes the file atomically.
  package func write(to path: String) throws(ReportError) {
    try AtomicFile.write(bytes, to: path)
  }

  /// The bytes of the file.
  package var bytes: [UInt8] {
    let sorted = tensors.sorted { $0.name < $1.name }
    var header = Array(header(of: sorted).utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: -header.count & 7)
    var bytes = withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init)
    bytes.reserveCapacity(8 + header.count + 4 * sorted.map(\.values.count).reduce(0, +))
    bytes += header
    for tensor in sorted {
      for value in tensor.values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  private func header(of sorted: [Tensor]) -> String {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(JSON.quoted($0.key)):\(JSON.quoted($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in sorted {
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      let end = offset + 4 * tensor.values.count
      fields.append(
        "\(JSON.quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(fields.joined(separator: ","))}"
  }
}
