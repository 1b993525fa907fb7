import Datasets
import Randoms
import Testing

@Suite struct IDXTests {
  static let pixels: [UInt8] = (0..<24).map { UInt8($0 * 7) }
  static let file = idx([2, 3, 4], pixels)

  @Test(arguments: [file, gzip(file), gzip(Array(file[..<9])) + gzip(Array(file[9...]))])
  func readsPlainGzipAndSeveralMembers(bytes: [UInt8]) throws {
    let array = try IDX.decode(bytes, rank: 3, path: "a")
    #expect(array.shape == [2, 3, 4])
    #expect(array.bytes == Self.pixels)
  }

  @Test func readsMoreThanZlibsWindow() throws {
    let bytes = Philox(seed: 1, stream: .sampling).uniforms(count: 300_000).map { UInt8($0 * 200) }
    let array = try IDX.decode(gzip(idx([300_000], bytes)), rank: 1, path: "a")
    #expect(array.bytes == bytes)
  }

  @Test func saysWhatIsWrong() {
    let file = Self.file
    let packed = gzip(file)
    var corrupt = packed
    corrupt[packed.count - 5] ^= 0xff  // The checksum.
    let cases: [(bytes: [UInt8], message: String)] = [
      ([], "a: expected 16 bytes, received 0; download the file again"),
      (Array(file[..<3]), "a: expected 16 bytes, received 3; download the file again"),
      (Array(file[..<15]), "a: expected 16 bytes, received 15; download the file again"),
      (Array(file[..<39]), "a: expected 40 bytes, received 39; download the file again"),
      (gzip(Array(file[..<39])), "a: expected 40 bytes, received 39; download the file again"),
      (file + [1, 2], "a: expected 40 bytes, received 42, 2 too many; download the file again"),
      (
        gzip(file + [UInt8](repeating: 0, count: 200_000)),
        "a: expected 40 bytes, received 200040, 200000 too many; download the file again"
      ),
      (
        [0x89, 0x50, 0x4e, 0x47],
        "a: expected an IDX file, which begins with 00 00, received 89 50 4e 47; "
          + "check that it is the right file"
      ),
      (
        idx([1, 1, 1], [0, 0, 0, 0], type: 0x0d),
        "a: expected unsigned bytes (08), received 32-bit floats (0d); "
          + "convert the file to unsigned bytes"
      ),
      (
        idx([24], Self.pixels),
        "a: expected 3 dimensions, received 1; check that the files of images and labels are not "
          + "exchanged"
      ),
      (
        idx([0, 28, 28], []),
        "a: expected dimensions of at least 1, received [0, 28, 28]; download the file again"
      ),
      (
        idx([0xffff_ffff, 0xffff_ffff, 1], []),
        "a: expected dimensions whose product has at most 62 bits, "
          + "received [4294967295, 4294967295, 1]; download the file again"
      ),
      (
        idx([0xffff_ffff, 28, 28], [7]),
        "a: expected 3367254359296 bytes, received 17; download the file again"
      ),
      (
        gzip(idx([0xffff_ffff, 28, 28], [7])),
        "a: expected 3367254359296 bytes, received 17; download the file again"
      ),
      (
        Array(packed.dropLast(3)),
        "a: expected a complete gzip stream, received one that ends after "
          + "\(packed.count - 3) bytes; download the file again"
      ),
      (
        packed + [0, 0, 0],
        "a: expected the file to end with its gzip stream, received 3 more bytes; download the "
          + "file again"
      ),
    ]
    for (bytes, message) in cases {
      let error = thrown { () throws(DatasetError) in
        _ = try IDX.decode(bytes, rank: 3, path: "a")
      }
      #expect(error?.description == message)
    }
    let error = thrown { () throws(DatasetError) in
      _ = try IDX.decode(corrupt, rank: 3, path: "a")
    }
    #expect(error == .gzipCorrupt(path: "a", offset: packed.count - 4))
    #expect(
      DatasetError.gzipCorrupt(path: "a", offset: 9).description
        == "a: expected a gzip stream, received invalid bytes near offset 9; download the file again"
    )
  }

  /// 2,000 broken files: random headers, cut files, flipped bytes, plain and gzip. A read may only
  /// succeed where an independent reading of the header agrees with the number of bytes there are.
  @Test func noBrokenFileCrashesOrPasses() {
    var accepted = 0
    for trial in 0..<2000 {
      let philox = Philox(seed: 77, stream: .sampling, step: UInt64(trial))
      let bytes = Self.broken(philox)
      let isPacked = philox.word(1000) % 2 == 0
      var file = isPacked ? gzip(bytes) : bytes
      if isPacked && philox.word(1001) % 2 == 0 {
        file.removeLast(1 + Int(philox.word(1002)) % (file.count - 1))
        if file.starts(with: [0x1f, 0x8b]) {
          #expect(throws: DatasetError.self) { try IDX.decode(file, rank: 3, path: "a") }
        }
        continue
      }
      if let array = try? IDX.decode(file, rank: 3, path: "a") {
        accepted += 1
        #expect(bytes.starts(with: [0, 0, 8, 3]))
        #expect(array.shape.flatMap(bigEndian) == Array(bytes[4..<16]))
        #expect(array.shape.reduce(1, *) == bytes.count - 16)
        #expect(array.bytes == Array(bytes[16...]))
      }
    }
    // Some flips hit a pixel and leave a good file: the test sees both sides.
    #expect(accepted > 20 && accepted < 1000)
  }

  private static func broken(_ philox: Philox) -> [UInt8] {
    var bytes = file
    switch philox.word(0) % 3 {
    case 0:
      // A header of random dimensions, many of them huge.
      let sizes = (1...3).map { Int(philox.word($0) >> (philox.word($0 + 3) % 32)) }
      bytes = idx(sizes, Array(pixels.prefix(Int(philox.word(7) % 25))))
    case 1:
      bytes.removeLast(Int(philox.word(1)) % bytes.count)
    default:
      bytes[Int(philox.word(1)) % bytes.count] ^= UInt8(1 + philox.word(2) % 255)
    }
    return bytes
  }
}
