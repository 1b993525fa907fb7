/// A message in the wire format of Protocol Buffers: its fields one after the other, each a varint of
/// `number << 3 | kind` and then its value. https://protobuf.dev/programming-guides/encoding
package struct ProtobufMessage: Hashable, Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// An integer or the number of a case, as a varint; negative ones take ten bytes.
  package mutating func add(_ field: Int, _ value: Int) {
    addKey(field, .varint)
    addVarint(UInt64(bitPattern: Int64(value)))
  }

  /// A `float`: four bytes, little-endian.
  package mutating func add(_ field: Int, _ value: Float) {
    addKey(field, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A `double`: eight bytes, little-endian.
  package mutating func add(_ field: Int, _ value: Double) {
    addKey(field, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func add(_ field: Int, _ value: [UInt8]) {
    addKey(field, .bytes)
    addVarint(UInt64(value.count))
    bytes += value
  }

  package mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  package mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func addKey(_ field: Int, _ kind: ProtobufField.Kind) {
    addVarint(UInt64(field) << 3 | kind.rawValue)
  }

  /// Seven bits per byte, the lowest first; the highest bit is set if more bytes follow.
  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
