/// A field of a message in the wire format; the reader has to know its meaning.
package struct ProtobufField: Hashable, Sendable {
  /// The encoding of a value.
  enum Kind: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  package enum Value: Hashable, Sendable {
    case varint(UInt64)
    case fixed64(UInt64)
    /// A string, a message, or packed values.
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  package let number: Int
  package let value: Value

  /// The fields of a message, in their order.
  package static func all(
    in bytes: ArraySlice<UInt8>
  ) throws(ProtobufError) -> [ProtobufField] {
    var reader = Reader(bytes: bytes)
    var fields: [ProtobufField] = []
    while !reader.bytes.isEmpty { fields.append(try reader.field()) }
    return fields
  }

  /// The value of an integer.
  package var integer: Int? {
    if case .varint(let value) = value { Int(Int64(bitPattern: value)) } else { nil }
  }

  /// The value of a `float`.
  package var float: Float? {
    if case .fixed32(let value) = value { Float(bitPattern: value) } else { nil }
  }

  package var bytes: ArraySlice<UInt8>? {
    if case .bytes(let value) = value { value } else { nil }
  }

  package var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }
}

/// Bytes that are not a valid message.
package struct ProtobufError: Error, Hashable, Sendable {
  /// What is wrong, with a position counted from the file's first byte.
  package let reason: String

  package init(reason: String) { self.reason = reason }
}

private struct Reader {
  /// The remaining bytes.
  var bytes: ArraySlice<UInt8>

  mutating func field() throws(ProtobufError) -> ProtobufField {
    let start = bytes.startIndex
    let key = try varint()
    guard let kind = ProtobufField.Kind(rawValue: key & 7), key >> 3 > 0, key >> 3 < 1 << 29 else {
      throw ProtobufError(reason: "no field at byte \(start)")
    }
    let value: ProtobufField.Value =
      switch kind {
      case .varint: .varint(try varint())
      case .fixed64: .fixed64(try integer(of: 8))
      case .bytes: .bytes(try take(Int(clamping: try varint())))
      case .fixed32: .fixed32(UInt32(try integer(of: 4)))
      }
    return ProtobufField(number: Int(key >> 3), value: value)
  }

  private mutating func varint() throws(ProtobufError) -> UInt64 {
    let start = bytes.startIndex
    var value: UInt64 = 0
    for place in 0..<10 {
      guard let byte = bytes.popFirst() else { break }
      value |= UInt64(byte & 0x7F) << (7 * place)
      if byte < 0x80 { return value }
    }
    throw ProtobufError(reason: "no end of a number at byte \(start)")
  }

  private mutating func integer(of count: Int) throws(ProtobufError) -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws(ProtobufError) -> ArraySlice<UInt8> {
    guard count <= bytes.count else {
      throw ProtobufError(reason: "\(count) bytes at byte \(bytes.startIndex), past the end")
    }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }
}
