import CJPEG
import CPNG
import CZlib
import Datasets
import Glibc
import Randoms
import TestFolders
import Testing

@Suite struct ImageFolderTests {
  /// A picture whose every pixel is this colour.
  private func plain(_ width: Int, _ height: Int, _ color: [UInt8]) -> [UInt8] {
    (0..<width * height).flatMap { _ in color }
  }

  @Test func labelsByFolderAndSortsNames() throws {
    let folder = try TemporaryFolder()
    try folder.write(png(2, 1, plain(2, 1, [0, 0, 255])), to: "set/dog/2.png")
    try folder.write(png(2, 1, plain(2, 1, [9, 9, 9])), to: "set/dog/10.png")
    try folder.write(png(2, 1, plain(2, 1, [255, 0, 0])), to: "set/cat/a.PNG")
    try folder.write([1, 2], to: "set/cat/notes.txt")
    try folder.write([1, 2], to: "set/.hidden.png")
    let dataset = try Dataset.load(folder.path + "/set/", directory: nil)
    #expect(dataset.name == "set")
    #expect(dataset.labelNames == ["cat", "dog"])
    #expect(dataset.training.labels == [0, 1, 1])
    #expect(dataset.training.shape == [1, 2, 3])
    #expect(
      dataset.training.elements
        == .bytes([255, 0, 0, 255, 0, 0, 9, 9, 9, 9, 9, 9, 0, 0, 255, 0, 0, 255]))
    // sha256sum cat/a.PNG dog/10.png dog/2.png | sha256sum, by this library's other door.
    var list = ""
    for name in ["cat/a.PNG", "dog/10.png", "dog/2.png"] {
      list += "\(try SHA256.hash(ofFile: "\(folder.path)/set/\(name)"))  \(name)\n"
    }
    let sums = try folder.write(Array(list.utf8), to: "sums")
    #expect(
      dataset.files
        == [DatasetFile(path: folder.path + "/set", sha256: try SHA256.hash(ofFile: sums))])
    #expect(dataset.training.names == ["cat/a.PNG", "dog/10.png", "dog/2.png"])
    #expect(
      dataset.notes
        == ["\(folder.path)/set: skipped files that are not readable images: 1 .txt"])
  }

  @Test func countsWhatItSkips() throws {
    let folder = try TemporaryFolder()
    let image = png(1, 1, [7, 7, 7])
    for name in ["a/1.png", "a/deep/2.png", "b/1.png"] {
      try folder.write(image, to: "set/\(name)")
    }
    for name in ["a/x.bmp", "b/y.bmp", "z.gif"] { try folder.write([1], to: "set/\(name)") }
    #expect(symlink("nowhere.png", folder.path + "/set/b/link.png") == 0)
    let file = fopen(folder.path + "/set/a/\u{1}", "w")
    fclose(file)
    #expect(
      rename(
        folder.path + "/set/a/\u{1}",
        Array((folder.path + "/set/a/").utf8CString.dropLast()) + [-1, 0]) == 0)
    let dataset = try Dataset.load(folder.path + "/set", directory: nil)
    #expect(dataset.training.count == 2)
    #expect(
      dataset.notes == [
        "\(folder.path)/set: skipped files that are not readable images: 2 .bmp, 1 .gif, "
          + "1 broken link, 1 name that is not UTF-8, 1 folder within a class folder"
      ])
  }

  @Test func readsNoMoreThanTheLimit() throws {
    let folder = try TemporaryFolder()
    for name in ["train/a/1", "train/b/2", "val/b/1"] {
      try folder.write(png(1, 1, [7, 7, 7]), to: "set/\(name).png")
    }
    try folder.write([1], to: "set/train/b/3.png")
    var options = DataOptions()
    options.rowLimit = 2
    let dataset = try Dataset.load(folder.path + "/set", directory: nil, options: options)
    #expect(dataset.training.names == ["train/a/1.png", "train/b/2.png"])
    #expect(dataset.labelNames == ["a", "b"])
    #expect(dataset.test?.names == ["val/b/1.png"])
    #expect(dataset.test?.labels == [1])
  }

  /// More classes than a byte counts.
  @Test func readsManyClasses() throws {
    let folder = try TemporaryFolder()
    let image = png(1, 1, [7, 7, 7])
    for person in 100..<400 { try folder.write(image, to: "set/p\(person)/a.png") }
    let training = try Dataset.load(folder.path + "/set", directory: nil).training
    #expect(training.labels == Array(0..<300))
  }

  @Test func readsOneImage() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(png(2, 1, [1, 2, 3, 4, 5, 6]), to: "photo.png")
    let dataset = try Dataset.load(path, directory: nil)
    #expect(dataset.name == "photo.png")
    #expect(dataset.training.names == ["photo.png"])
    #expect(dataset.training.shape == [1, 2, 3])
    #expect(dataset.training.elements == .bytes([1, 2, 3, 4, 5, 6]))
    #expect(dataset.files == [DatasetFile(path: path, sha256: try SHA256.hash(ofFile: path))])
    let small = try Dataset.load(path, directory: nil, options: DataOptions(shape: [1, 1, 1]))
    #expect(
      small.notes == [
        "\(path): 1 image 2×1 RGB → [1, 1, 1] (squashed; --fit crop or pad keeps the aspect ratio; "
          + "colours converted to gray)"
      ])
  }

  @Test func readsImagesAtTheirOwnSizes() throws {
    let folder = try TemporaryFolder()
    try folder.write(png(2, 1, [1, 2, 3, 4, 5, 6]), to: "set/b/2.png")
    try folder.write(png(1, 1, [9], format: Int(PNG_FORMAT_GRAY)), to: "set/a/1.png")
    try folder.write([1], to: "set/a/1.bmp")
    let images = try #require(try ImageFiles(folder.path + "/set/"))
    #expect(images.names == ["a/1.png", "b/2.png"])
    #expect(
      images.notes == ["\(folder.path)/set: skipped files that are not readable images: 1 .bmp"])
    let (first, second) = (try images.read(0), try images.read(1))
    #expect(first.shape == [1, 1, 1])
    #expect(first.names == ["a/1.png"])
    #expect(second.shape == [1, 2, 3])
    #expect(second.elements == .bytes([1, 2, 3, 4, 5, 6]))
    #expect(try images.read(0, channels: 3).elements == .bytes([9, 9, 9]))
    #expect(try images.read(1, shape: [2, 2, 1], fit: .pad).elements == .bytes([2, 5, 0, 0]))
    let one = try #require(try ImageFiles(folder.path + "/set/b/2.png"))
    #expect(one.names == ["2.png"])
    #expect(try one.read(0).elements == second.elements)
    #expect(try ImageFiles(folder.path + "/set/a/1.bmp") == nil)
  }

  @Test func readsTrainAndTestFolders() throws {
    let folder = try TemporaryFolder()
    for name in ["train/a/1", "train/b/1", "train/b/2", "test/b/1"] {
      try folder.write(png(1, 1, [7, 7, 7]), to: "set/\(name).png")
    }
    let dataset = try Dataset.load(folder.path + "/set", directory: nil)
    #expect(dataset.training.labels == [0, 1, 1])
    #expect(dataset.test?.labels == [1])
    #expect(dataset.test?.count == 1)
  }

  @Test func readsGrayAndColorInEitherShape() throws {
    let folder = try TemporaryFolder()
    try folder.write(png(1, 1, [40], format: Int(PNG_FORMAT_GRAY)), to: "set/1.png")
    try folder.write(png(1, 1, [255, 0, 0]), to: "set/2.png")
    try folder.write(
      png(1, 1, [0, 0, 0, 0], format: Int(PNG_FORMAT_RGB | PNG_FORMAT_FLAG_ALPHA)), to: "set/3.png")
    let gray = try Dataset.load(folder.path + "/set", directory: nil)
    #expect(gray.training.shape == [1, 1, 1])
    #expect(gray.training.labels == nil)
    // Red is 0.299 of white; what is transparent is white.
    #expect(gray.training.elements == .bytes([40, 76, 255]))
    let options = DataOptions(shape: [1, 1, 3])
    let color = try Dataset.load(folder.path + "/set", directory: nil, options: options)
    #expect(color.training.elements == .bytes([40, 40, 40, 255, 0, 0, 255, 255, 255]))
  }

  @Test func readsJPEG() throws {
    let folder = try TemporaryFolder()
    try folder.write(jpeg(16, 8, plain(16, 8, [200, 100, 50])), to: "set/1.jpg")
    try folder.write(jpeg(16, 8, plain(16, 8, [10, 10, 10])), to: "set/2.jpeg")
    let dataset = try Dataset.load(folder.path + "/set", directory: nil)
    #expect(dataset.training.shape == [8, 16, 3])
    guard case .bytes(let bytes) = dataset.training.elements else {
      Issue.record("expected bytes")
      return
    }
    for (value, expected) in zip(bytes, plain(16, 8, [200, 100, 50]) + plain(16, 8, [10, 10, 10])) {
      #expect(abs(Int(value) - Int(expected)) <= 3)
    }
  }

  @Test func resizes() throws {
    let folder = try TemporaryFolder()
    func resized(_ width: Int, _ height: Int, _ gray: [UInt8], to shape: [Int]) throws -> [UInt8] {
      try folder.write(png(width, height, gray, format: Int(PNG_FORMAT_GRAY)), to: "set/1.png")
      let dataset = try Dataset.load(
        folder.path + "/set", directory: nil, options: DataOptions(shape: shape + [1]))
      guard case .bytes(let bytes) = dataset.training.elements else { return [] }
      return bytes
    }
    // The mean of four pixels; of one and a half; of the whole picture.
    #expect(try resized(4, 2, [0, 100, 8, 8, 50, 50, 8, 8], to: [1, 2]) == [50, 8])
    #expect(try resized(3, 1, [0, 90, 180], to: [1, 2]) == [30, 150])
    #expect(try resized(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9], to: [1, 1]) == [5])
    // Between centres at 0.5 and 1.5 of the old pixels; beyond them the edge's value.
    #expect(try resized(2, 1, [0, 100], to: [1, 4]) == [0, 25, 75, 100])
    #expect(try resized(1, 1, [77], to: [2, 3]) == [77, 77, 77, 77, 77, 77])
    // Across smaller, down larger.
    #expect(try resized(2, 2, [0, 100, 100, 200], to: [4, 1]) == [50, 75, 125, 150])
    // A flat picture stays flat at any size.
    for size in [1, 2, 3, 7, 28, 64] {
      let flat = try resized(13, 9, [UInt8](repeating: 201, count: 117), to: [size, size])
      #expect(flat == [UInt8](repeating: 201, count: size * size))
    }
  }

  @Test func saysWhatIsWrong() throws {
    let folder = try TemporaryFolder()
    let good = png(2, 2, plain(2, 2, [1, 2, 3]))
    let photograph = jpeg(64, 64, (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 * $0) })
    func expect(
      _ set: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let error = thrown { () throws(DatasetError) in
        _ = try Dataset.load("\(folder.path)/\(set)", directory: nil)
      }
      #expect(
        error?.description == "\(folder.path)/\(set)" + message, sourceLocation: sourceLocation)
    }
    let decoded = ": expected a PNG, JPEG, WebP or TIFF image that can be decoded, received "
    let endings =
      "IDX files, or images that end in .png, .jpg or .jpeg, with libwebp .webp, with libtiff .tif "
      + "or .tiff"
    let advice = "; replace the file or remove it from the folder"
    try folder.write([1], to: "a/b/notes.txt")
    expect(
      "a",
      "/b: expected \(endings), received 1 .txt; convert them to PNG or remove the folder")
    try folder.write([1], to: "i/b/.hidden")
    expect("i", "/b: expected \(endings), received none; add some or remove the folder")
    for name in ["1.bmp", "2.BMP", "3.gif", "x"] { try folder.write([1], to: "j/\(name)") }
    expect(
      "j",
      ": expected \(endings), received 2 .bmp, 1 without an extension, 1 .gif; "
        + "convert them to PNG or remove the folder")
    try folder.write(Array("hello".utf8), to: "c/1.png")
    expect("c", "/1.png" + decoded + "a file of another format" + advice)
    try folder.write(Array(good.dropLast(30)), to: "d/1.png")
    expect("d", "/1.png" + decoded + "a truncated file" + advice)
    try folder.write(Array(photograph.prefix(photograph.count / 2)), to: "e/1.jpg")
    expect("e", "/1.jpg" + decoded + "Premature end of JPEG file" + advice)
    try folder.write(good, to: "f/1.png")
    try folder.write(png(3, 2, plain(3, 2, [1, 2, 3])), to: "f/2.png")
    expect(
      "f",
      "/2.png: expected 2×2 pixels, the size of 1.png, received 3×2; "
        + "set data.shape to [height, width, channels], so that images are resized")
    try folder.write(good, to: "g/1.png")
    try folder.write(good, to: "g/k/2.png")
    expect(
      "g",
      ": expected images in subfolders of classes, or images without subfolders, not both, "
        + "received k/2.png and "
        + "1.png; move one of them")
    // More rows than memory holds come one by one; those of an interlaced image do not.
    try folder.write(pngFile(12_000, 12_000, depth: 1, color: 0, [[]]), to: "k/1.png")
    expect("k", "/1.png" + decoded + "Not enough image data" + advice)
    try folder.write(
      pngFile(12_000, 12_000, depth: 1, color: 0, interlaced: true, [[]]), to: "l/1.png")
    expect(
      "l",
      "/1.png: expected an image of at most 134 million pixels, received 12000×12000; "
        + "make it smaller or remove it from the folder")
    // A header that claims a million by a million pixels.
    var huge = good
    huge.replaceSubrange(16..<24, with: [0, 0x0f, 0x42, 0x40, 0, 0x0f, 0x42, 0x40])
    let checksum = bigEndian(Int(crc32(0, Array(huge[12..<29]), 17)))
    huge.replaceSubrange(29..<33, with: checksum)
    try folder.write(huge, to: "h/1.png")
    expect(
      "h",
      "/1.png: expected an image of at most 1073 million pixels, received 1000000×1000000; "
        + "make it smaller or remove it from the folder")
  }

  @Test func survivesBrokenFiles() throws {
    let folder = try TemporaryFolder()
    let pixels = Philox(seed: 3, stream: .sampling).uniforms(count: 24 * 24 * 3)
      .map { UInt8($0 * 255) }
    for (name, file) in [("1.png", png(24, 24, pixels)), ("1.jpg", jpeg(24, 24, pixels))] {
      for seed in 0..<400 {
        let philox = Philox(seed: UInt64(seed), stream: .sampling)
        var bytes = file
        bytes[Int(philox.word(0)) % min(bytes.count, 700)] ^= UInt8(1 + philox.word(1) % 255)
        if philox.word(2) % 3 == 0 { bytes.removeLast(Int(philox.word(3)) % bytes.count) }
        try folder.write(bytes, to: "\(name)-set/\(name)")
        _ = try? Dataset.load("\(folder.path)/\(name)-set", directory: nil)
      }
    }
  }
}

/// The bytes of a PNG file.
func png(
  _ width: Int, _ height: Int, _ pixels: [UInt8], format: Int = Int(PNG_FORMAT_RGB)
) -> [UInt8] {
  var image = png_image()
  image.version = UInt32(PNG_IMAGE_VERSION)
  (image.width, image.height, image.format) = (UInt32(width), UInt32(height), UInt32(format))
  var count = 0
  precondition(png_image_write_to_memory(&image, nil, &count, 0, pixels, 0, nil) != 0)
  var bytes = [UInt8](repeating: 0, count: count)
  precondition(png_image_write_to_memory(&image, &bytes, &count, 0, pixels, 0, nil) != 0)
  return bytes
}

/// The bytes of a JPEG file of RGB pixels, or of inks.
func jpeg(
  _ width: Int, _ height: Int, _ pixels: [UInt8], format: TJPF = TJPF_RGB, flags: Int32 = 0
) -> [UInt8] {
  let encoder = tjInitCompress()
  defer { tjDestroy(encoder) }
  var bytes: UnsafeMutablePointer<UInt8>?
  var count: UInt = 0
  let status = tjCompress2(
    encoder, pixels, Int32(width), 0, Int32(height), Int32(format.rawValue), &bytes, &count,
    Int32(TJSAMP_444.rawValue), 95, flags)
  precondition(status == 0)
  defer { tjFree(bytes) }
  return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
}
