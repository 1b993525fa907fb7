import Foundation
import Graphs
import Testing
import Training

@Suite struct SafetensorsTests {
  private let sample = Safetensors(
    tensors: [
      Safetensors.Tensor(name: "b", shape: [2], values: [1, -2]),
      Safetensors.Tensor(name: "a \"quoted\"\n\u{1}é", shape: [], values: [.pi]),
      Safetensors.Tensor(name: "none", shape: [0, 3], values: []),
    ], metadata: ["epoch": "3", "recipe": "name: x\n# \\"])

  @Test func roundTrip() throws {
    let back = try Safetensors(bytes: sample.bytes, path: "t")
    #expect(back.tensors == sample.tensors.sorted { $0.name < $1.name })
    #expect(back.metadata == sample.metadata)
    #expect(back.bytes == sample.bytes)
  }

  /// The bytes that the format's description asks for, written out by hand.
  @Test func bytesOfAFile() {
    let file = Safetensors(tensors: [Safetensors.Tensor(name: "w", shape: [1, 2], values: [1, 2])])
    let header = #"{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    #expect(header.utf8.count == 56)
    #expect(
      file.bytes == [56, 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
  }

  @Test func everyBitOfAFloatStays() throws {
    let values: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, .nan,
    ]
    let file = Safetensors(tensors: [Safetensors.Tensor(name: "w", shape: [6], values: values)])
    let back = try Safetensors(bytes: file.bytes, path: "t")
    #expect(back["w"]?.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  /// Wrong headers, each with 8 bytes of values, and their errors.
  @Test(arguments: [
    (
      #"{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}"#,
      "expected w with dtype F32, received F16"
    ),
    (#"{"w":{"shape":[2],"data_offsets":[0,8]}}"#, "expected w with a dtype, received none"),
    (
      #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
      "expected w with 12 bytes for its shape [3], received 8"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
      "expected w with a shape of whole numbers, received a list"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
      "expected w with a shape that fits into memory, received [4611686018427387904, 4]"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
      "expected w with two data_offsets, the first not above the second, received [8, 0]"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
      "expected w within the file's 8 bytes of values, received bytes 4 to 12"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "expected w at byte 0 of the values, where the previous tensor ends, received byte 4, a gap"
    ),
    (
      #"{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "expected w at byte 8 of the values, where the previous tensor ends, received byte 4, an "
        + "overlap"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "expected 4 bytes of values, received 8 bytes"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "expected different names, received w twice"
    ),
    (#"{"__metadata__":{"a":1}}"#, "expected a string for a in __metadata__, received 1"),
    (#"{"__metadata__":[]}"#, "expected __metadata__ to be an object, received a list"),
    (#"[]"#, "expected a header that is a JSON object, received another value"),
    (#"{"w":"#, "expected a header that is a JSON object, received no value at byte 5"),
    (#"{} x"#, "expected a header that is a JSON object, received no end of the text at byte 3"),
    (#"{"w"#, "expected a header that is a JSON object, received no end of a string at byte 3"),
  ]) func malformed(header: String, fault: String) {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    let bytes = length + Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    let error = #expect(throws: TrainingError.self) { try Safetensors(bytes: bytes, path: "t") }
    #expect(error?.description == "t: \(fault); write the file again")
  }

  @Test func headerBeyondTheFile() {
    let error = #expect(throws: TrainingError.self) {
      try Safetensors(bytes: [UInt8](repeating: 0xFF, count: 16), path: "t")
    }
    #expect(
      error?.description == "t: expected a header that ends within the file's 16 bytes, received a "
        + "header of 18446744073709551615 bytes; write the file again")
    let short = #expect(throws: TrainingError.self) { try Safetensors(bytes: [1, 2], path: "t") }
    #expect(
      short?.description
        == "t: expected a safetensors file, at least 8 bytes, received 2 bytes; write the file again"
    )
  }

  /// Cut anywhere, and with any byte of the header changed, a file reads or throws; it never traps.
  @Test func damage() {
    let bytes = sample.bytes
    for end in bytes.indices {
      #expect(throws: TrainingError.self) {
        try Safetensors(bytes: Array(bytes[..<end]), path: "t")
      }
    }
    for place in bytes.indices {
      for value in [0, UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: "9"), 0xFF] {
        var damaged = bytes
        damaged[place] = value
        _ = try? Safetensors(bytes: damaged, path: "t")
      }
    }
  }

  @Test func deepHeader() {
    let header = String(repeating: "[", count: 100_000)
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    #expect(throws: TrainingError.self) {
      try Safetensors(bytes: length + Array(header.utf8), path: "t")
    }
  }
}
