import Protobuf
import Testing

@Suite struct ProtobufTests {
  /// The bytes that the format's own page gives, and negative numbers in ten.
  @Test func writesTheWireFormat() {
    var inner = ProtobufMessage()
    inner.add(1, 150)
    #expect(inner.bytes == [0x08, 0x96, 0x01])
    var message = ProtobufMessage()
    message.add(2, "testing")
    message.add(3, inner)
    message.add(4, Float(1.5))
    message.add(16, -1)
    #expect(
      message.bytes == [0x12, 0x07] + Array("testing".utf8) + [0x1A, 0x03, 0x08, 0x96, 0x01]
        + [0x25, 0, 0, 0xC0, 0x3F]
        + [0x80, 0x01] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
  }

  @Test func readsWhatItWrites() throws {
    var message = ProtobufMessage()
    let numbers = [0, 1, 127, 128, 1 << 40, Int.max, Int.min, -1]
    for number in numbers { message.add(7, number) }
    message.add(1, "é")
    message.add(2, [UInt8](repeating: 3, count: 300))
    message.add(3, Float.pi)
    let fields = try ProtobufField.all(in: message.bytes[...])
    #expect(fields.prefix(numbers.count).map(\.integer) == numbers)
    #expect(fields.map(\.number) == [7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3])
    #expect(fields[8].text == "é" && fields[9].bytes?.count == 300)
    #expect(fields[10].float == Float.pi && fields[10].integer == nil)
    let doubles = try ProtobufField.all(in: [0x09, 1, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(doubles[0].value == .fixed64(1 | 0x80 << 56))
  }

  @Test(
    arguments: [
      ([0x08], "no end of a number at byte 1"),
      ([0x08, 0x80], "no end of a number at byte 1"),
      ([0x08] + [UInt8](repeating: 0x80, count: 11), "no end of a number at byte 1"),
      ([0x12, 5, 1], "5 bytes at byte 2, past the end"),
      ([0x08, 1, 0x0D, 1, 2], "4 bytes at byte 3, past the end"),
      ([0x0B], "no field at byte 0"), ([0x00], "no field at byte 0"),
      ([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], "past the end"),
    ] as [([UInt8], String)]) func refuses(bytes: [UInt8], reason: String) throws
  {
    let error = #expect(throws: ProtobufError.self) { try ProtobufField.all(in: bytes[...]) }
    #expect(error?.reason.hasSuffix(reason) == true, "\(error?.reason ?? "")")
  }
}
