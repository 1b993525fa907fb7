import CJPEG
import CPNG
import CZlib
import Datasets
import Foundation
import Randoms
import TestFolders
import Testing

/// Kinds of images other than plain RGB: the values are PNG's and EXIF's definitions by
/// hand, or what Pillow 11 reads.
@Suite struct ImageKindTests {
  private func load(
    _ files: [String: [UInt8]], shape: [Int]? = nil, fit: ImageFit = .squash
  ) throws -> (bytes: [UInt8], dataset: Dataset, notes: [String]) {
    let folder = try TemporaryFolder()
    for (name, bytes) in files { try folder.write(bytes, to: "set/\(name)") }
    let dataset = try Dataset.load(
      folder.path + "/set", directory: nil, options: DataOptions(shape: shape, fit: fit))
    guard case .bytes(let bytes) = dataset.training.elements else { return ([], dataset, []) }
    let place = folder.path + "/set: "
    return (
      bytes, dataset,
      dataset.notes.map { $0.hasPrefix(place) ? String($0.dropFirst(place.count)) : $0 }
    )
  }

  @Test func scalesSixteenBits() throws {
    // 0x8080 of 0xffff is 128 of 255, 0x00ff is 0.99: no colour management, whatever a chunk says.
    let gray: [[UInt8]] = [[0x80, 0x80, 0, 0xff, 0xff, 0xff]]
    let plain = pngFile(3, 1, depth: 16, color: 0, gray)
    let (bytes, dataset, notes) = try load(["a.png": plain])
    #expect(bytes == [128, 1, 255])
    #expect(dataset.training.shape == [1, 3, 1])
    #expect(notes == ["1 image with 16 bits per channel, converted to 8"])
    for chunk in [("gAMA", bigEndian(45455)), ("gAMA", bigEndian(100_000)), ("sRGB", [0])] {
      #expect(
        try load(["a.png": pngFile(3, 1, depth: 16, color: 0, chunks: [chunk], gray)]).bytes
          == bytes)
    }
    let color = pngFile(1, 1, depth: 16, color: 2, [[0x80, 0x80, 0x40, 0x40, 0, 0]])
    #expect(try load(["a.png": color]).bytes == [128, 64, 0])
  }

  @Test func readsEveryKindOfPNG() throws {
    // Two bits a pixel: 0 to 3 are 0, 85, 170, 255.
    #expect(
      try load(["a.png": pngFile(4, 1, depth: 2, color: 0, [[0b00_01_10_11]])]).bytes
        == [0, 85, 170, 255])
    let palette = pngFile(
      3, 1, depth: 8, color: 3, chunks: [("PLTE", [1, 2, 3, 4, 5, 6]), ("tRNS", [255, 0])],
      [[0, 1, 0]])
    let (bytes, _, notes) = try load(["a.png": palette])
    #expect(bytes == [1, 2, 3, 255, 255, 255, 1, 2, 3])
    #expect(notes == ["1 image with transparency, on a white background"])
    // Gray 100 at half opacity on white: 100 · 128 / 255 + 127.
    let half = try load(["a.png": pngFile(2, 1, depth: 8, color: 4, [[100, 128, 100, 255]])])
    #expect(half.bytes == [177, 100])
    #expect(half.dataset.training.shape == [1, 2, 1])
    // Opaque: nothing to say.
    #expect(
      try load(["a.png": pngFile(1, 1, depth: 8, color: 6, [[9, 8, 7, 255]])]).notes == [])
    // Interlaced by Adam7: of 2 × 2, the first pixel, then the one right of it, then the row below.
    let interlaced = pngFile(
      2, 2, depth: 8, color: 0, interlaced: true, [[1], [2], [3, 4]])
    #expect(try load(["a.png": interlaced]).bytes == [1, 2, 3, 4])
  }

  @Test func readsProgressiveAndCMYK() throws {
    let pixels = (0..<64).flatMap { _ in [200, 100, 50] as [UInt8] }
    let progressive = try load(["a.jpg": jpeg(8, 8, pixels, flags: TJFLAG_PROGRESSIVE)])
    #expect(zip(progressive.bytes, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
    // As Adobe's programs store inks: 255 is none.
    let inks = (0..<64).flatMap { _ in [255, 128, 255, 200] as [UInt8] }
    let (bytes, _, notes) = try load(
      ["a.jpg": jpeg(8, 8, inks, format: TJPF_CMYK)])
    for (value, expected) in zip(bytes, (0..<64).flatMap { _ in [200, 100, 200] }) {
      #expect(abs(Int(value) - expected) <= 3)
    }
    #expect(notes == ["1 image with four inks (CMYK), converted to RGB without a colour profile"])
  }

  /// Some cameras leave bytes between segments that mean nothing.
  @Test func readsPastBytesBetweenSegments() throws {
    let pixels = [UInt8](repeating: 90, count: 192)
    let file = withEXIF(jpeg(8, 8, pixels), orientation: 3, isLittle: true)
    // Behind the EXIF segment, which begins at 2.
    let end = 4 + Int(file[4]) << 8 + Int(file[5])
    let (bytes, _, notes) = try load(
      ["a.jpg": Array(file[..<end]) + [0x12, 0x34] + Array(file[end...])])
    #expect(bytes.allSatisfy { abs(Int($0) - 90) <= 2 })
    #expect(notes == ["1 image rotated to upright, by the EXIF orientation"])
  }

  /// EXIF's eight orientations of one upright picture, each as a camera would store it.
  @Test(arguments: 1...8) func turnsUpright(orientation: Int) throws {
    // 8 rows of 16 pixels: the left half white above and gray below, the right half black.
    let (width, height) = (16, 8)
    func upright(_ x: Int, _ y: Int) -> UInt8 {
      x < width / 2 ? y < height / 2 ? 255 : 128 : 0
    }
    let isSideways = orientation >= 5
    let (w, h) = isSideways ? (height, width) : (width, height)
    var stored = [UInt8](repeating: 0, count: 3 * w * h)
    for y in 0..<height {
      for x in 0..<width {
        // TIFF 6, tag 274: where row 0 and column 0 of what is stored are in the picture.
        let (row, column) =
          switch orientation {
          case 1: (y, x)  // top, left
          case 2: (y, width - 1 - x)  // top, right
          case 3: (height - 1 - y, width - 1 - x)  // bottom, right
          case 4: (height - 1 - y, x)  // bottom, left
          case 5: (x, y)  // left, top
          case 6: (width - 1 - x, y)  // right, top
          case 7: (width - 1 - x, height - 1 - y)  // right, bottom
          default: (x, height - 1 - y)  // left, bottom
          }
        for channel in 0..<3 { stored[3 * (row * w + column) + channel] = upright(x, y) }
      }
    }
    for isLittle in [true, false] {
      let file = withEXIF(jpeg(w, h, stored), orientation: orientation, isLittle: isLittle)
      let (bytes, dataset, notes) = try load(["a.jpg": file])
      #expect(dataset.training.shape == [height, width, 3])
      for y in 0..<height {
        for x in 0..<width {
          #expect(abs(Int(bytes[3 * (y * width + x)]) - Int(upright(x, y))) <= 6)
        }
      }
      #expect(
        notes == (orientation == 1 ? [] : ["1 image rotated to upright, by the EXIF orientation"]))
    }
    // The same part is cropped and shrunk: the left half, to two pixels.
    let file = withEXIF(jpeg(w, h, stored), orientation: orientation, isLittle: true)
    let small = try load(["a.jpg": file], shape: [2, 1, 1], fit: .crop)
    // The middle 4 columns of 16 hold the left half's last two and two blank ones.
    #expect(abs(Int(small.bytes[0]) - 128) <= 4)
    #expect(abs(Int(small.bytes[1]) - 64) <= 4)
  }

  @Test func fits() throws {
    // 4 × 2: columns of 0, 100, 200 and 40.
    let file = png(4, 2, [0, 100, 200, 40, 0, 100, 200, 40], format: Int(PNG_FORMAT_GRAY))
    func fitted(_ fit: ImageFit, _ shape: [Int]) throws -> (bytes: [UInt8], notes: [String]) {
      let (bytes, _, notes) = try load(["a.png": file], shape: shape + [1], fit: fit)
      return (bytes, notes)
    }
    let squashed = try fitted(.squash, [2, 2])
    #expect(squashed.bytes == [50, 120, 50, 120])
    #expect(
      squashed.notes
        == ["1 image 4×2 gray → [2, 2, 1] (squashed; --fit crop or pad keeps the aspect ratio)"])
    let cropped = try fitted(.crop, [2, 2])
    #expect(cropped.bytes == [100, 200, 100, 200])
    #expect(
      cropped.notes == ["1 image 4×2 gray → [2, 2, 1] (cropped to the middle and resized)"])
    let padded = try fitted(.pad, [4, 4])
    #expect(padded.bytes == [0, 0, 0, 0, 0, 100, 200, 40, 0, 100, 200, 40, 0, 0, 0, 0])
    #expect(padded.notes == ["1 image 4×2 gray → [4, 4, 1] (resized and padded with zeros)"])
    #expect(try fitted(.pad, [2, 2]).bytes == [50, 120, 0, 0])
    // Of the same proportions all three are one.
    for fit in ImageFit.allCases {
      #expect(try fitted(fit, [1, 2]).bytes == [50, 120])
      #expect(try fitted(fit, [1, 2]).notes == ["1 image 4×2 gray → [1, 2, 1] (resized)"])
      #expect(try fitted(fit, [2, 4]).notes == [])
    }
  }

  @Test func tellsSizesAndColours() throws {
    let files = [
      "a.png": png(2, 2, [UInt8](repeating: 9, count: 12)),
      "b.png": png(6, 4, [UInt8](repeating: 9, count: 72)),
      "c.png": png(4, 4, [UInt8](repeating: 9, count: 16), format: Int(PNG_FORMAT_GRAY)),
    ]
    #expect(
      try load(files, shape: [4, 4, 1]).notes == [
        "3 images 2×2 to 6×4 RGB and (1) gray → [4, 4, 1] "
          + "(squashed; --fit crop or pad keeps the aspect ratio; colours converted to gray)"
      ])
    #expect(
      try load(["c.png": files["c.png"]!], shape: [4, 4, 3]).notes
        == ["1 image 4×4 gray → [4, 4, 3] (gray copied to all three channels)"])
  }

  /// Where the system has no libwebp or libtiff, such files are counted and not read.
  @Test(.enabled(if: dlopen("libwebp.so.7", RTLD_NOW) != nil)) func readsWebP() throws {
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    let plain =
      "UklGRkIAAABXRUJQVlA4TDUAAAAvAkAAAC9AmG20Odx7/panISQgdB/8f4kg22YXqb/l5z/gz3gmRQGFbCPAoXsF"
      + "Tuki+h/DCwA="
    #expect(try load(["a.webp": base64(plain)]).bytes == pixels)
    let transparent =
      "UklGRkIAAABXRUJQVlA4TDUAAAAvAkAAEC8gJCCcUP1/6QaZtE37TkT9uxxBts0uUn/Lz3/w4M84igIK2UaAQ/d6"
      + "nMtF9D/GFwA="
    let (bytes, _, notes) = try load(["a.webp": base64(transparent)])
    #expect(bytes == [255, 255, 255] + pixels.dropFirst(3))
    #expect(notes == ["1 image with transparency, on a white background"])
    #expect(try load(["a.webp": base64(turnedWebP)]).bytes == quarterTurned)
  }

  @Test(.enabled(if: dlopen("libtiff.so.6", RTLD_NOW) != nil)) func readsTIFF() throws {
    #expect(try load(["a.tif": base64(turnedTIFF)]).bytes == quarterTurned)
    let deep =
      "SUkqAAgAAAAJAAABBAABAAAAAwAAAAEBBAABAAAAAQAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAAAAYBAwABAAAA"
      + "AQAAABEBBAABAAAAegAAABYBBAABAAAAAQAAABcBBAABAAAABgAAABwBAwABAAAAAQAAAAAAAAAAAICA//8="
    let (bytes, dataset, notes) = try load(["a.tiff": base64(deep)])
    #expect(bytes == [0, 128, 255])
    #expect(dataset.training.shape == [1, 3, 1])
    #expect(notes == ["1 image with 16 bits per channel, converted to 8"])
  }

  /// The 3 × 2 picture of both, turned clockwise by a quarter.
  private let quarterTurned: [UInt8] = [
    10, 20, 30, 255, 0, 0, 40, 50, 60, 0, 255, 0, 70, 80, 90, 0, 0, 255,
  ]

  private let turnedWebP =
    "UklGRnYAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TDUAAAAvAkAAAC9AmG20Odx7/panISQgdB/8f4kg22YX"
    + "qb/l5z/gz3gmRQGFbCPAoXsFTuki+h/DCwBFWElGGgAAAE1NACoAAAAIAAEBEgADAAAAAQAGAAAAAAAA"
  private let turnedTIFF =
    "SUkqABoAAACAP8AQOBQQFBQPCgZDwjFAtQELAAABAwABAAAAAwAAAAEBAwABAAAAAgAAAAIBAwADAAAApAAAAAMB"
    + "AwABAAAABQAAAAYBAwABAAAAAgAAABEBBAABAAAACAAAABIBAwABAAAABgAAABUBAwABAAAAAwAAABYBAwABAAAA"
    + "AgAAABcBBAABAAAAEgAAABwBAwABAAAAAQAAAAAAAAAIAAgACAA="

  /// Broken files of the system's libraries end in an error or in an image.
  @Test func survivesBrokenFiles() throws {
    let folder = try TemporaryFolder()
    for (name, file) in [("a.webp", try base64(turnedWebP)), ("a.tif", try base64(turnedTIFF))] {
      for seed in 0..<300 {
        let philox = Philox(seed: UInt64(seed), stream: .sampling)
        var bytes = file
        for flip in 0..<Int(1 + philox.word(0) % 3) {
          bytes[Int(philox.word(1 + 2 * flip)) % bytes.count] ^= UInt8(
            1 + philox.word(2 + 2 * flip) % 255)
        }
        if philox.word(9) % 4 == 0 { bytes.removeLast(Int(philox.word(10)) % bytes.count) }
        let path = try folder.write(bytes, to: name)
        _ = try? Dataset.load(path, directory: nil, options: DataOptions(shape: [4, 4, 3]))
      }
    }
  }

  private func base64(_ text: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: text)))
  }
}

/// The bytes of a PNG file by the format's own description, of any kind; rows without filters.
func pngFile(
  _ width: Int, _ height: Int, depth: UInt8, color: UInt8, interlaced: Bool = false,
  chunks: [(name: String, bytes: [UInt8])] = [], _ rows: [[UInt8]]
) -> [UInt8] {
  func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let own = Array(name.utf8) + bytes
    return bigEndian(bytes.count) + own + bigEndian(Int(crc32(0, own, UInt32(own.count))))
  }
  let raw: [UInt8] = rows.flatMap { row in [0 as UInt8] + row }
  var count = compressBound(UInt(raw.count))
  var data = [UInt8](repeating: 0, count: Int(count))
  precondition(compress(&data, &count, raw, UInt(raw.count)) == Z_OK)
  let header = bigEndian(width) + bigEndian(height) + [depth, color, 0, 0, interlaced ? 1 : 0]
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header)
    + chunks.flatMap { chunk($0.name, $0.bytes) } + chunk("IDAT", Array(data.prefix(Int(count))))
    + chunk("IEND", [])
}

/// A JPEG file with an EXIF segment that holds an orientation behind another entry.
func withEXIF(_ jpeg: [UInt8], orientation: Int, isLittle: Bool) -> [UInt8] {
  func number(_ value: Int, _ count: Int) -> [UInt8] {
    let big = bigEndian(value).suffix(count)
    return isLittle ? big.reversed() : Array(big)
  }
  func entry(_ tag: Int, _ value: Int) -> [UInt8] {
    number(tag, 2) + number(3, 2) + number(1, 4) + number(value, 2) + [0, 0]
  }
  let tiff =
    Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
    + entry(0x0100, 9) + entry(0x0112, orientation) + number(0, 4)
  let contents = Array("Exif\0\0".utf8) + tiff
  return jpeg.prefix(2) + [0xff, 0xe1, 0, UInt8(contents.count + 2)] + contents + jpeg.dropFirst(2)
}
