import Datasets
import Glibc
import Randoms
import TestFolders
import Testing

/// NumPy's archives, their arrays by name, and labels.
@Suite struct ArchiveTests {
  @Test(arguments: [false, true]) func readsAnArchive(deflated: Bool) throws {
    let folder = try TemporaryFolder()
    let archive = zip(
      [
        ("x_test.npy", npy("<f4", "(1, 2)", littleEndian([Float(9), 8]))),
        ("x_train.npy", npy("<f4", "(3, 2)", littleEndian([Float(1), 2, 3, 4, 5, 6]))),
        ("y_test.npy", npy("|u1", "(1, 1)", [4])),
        ("y_train.npy", npy("<i8", "(3,)", littleEndian([0, 255, 2]))),
      ], deflated: deflated)
    let path = try folder.write(archive, to: "a.npz")
    let dataset = try Dataset.load(path, directory: nil)
    #expect(dataset.training.elements == .floats([1, 2, 3, 4, 5, 6]))
    #expect(dataset.training.labels == [0, 255, 2])
    #expect(dataset.test?.elements == .floats([9, 8]))
    #expect(dataset.test?.labels == [4])
  }

  @Test func takesOtherNames() throws {
    let folder = try TemporaryFolder()
    let images = npy("|u1", "(1, 1, 2)", [7, 8])
    for name in ["x", "X", "images", "X_train", "arr_0", "train_images", "data", "imgs"] {
      let path = try folder.write(
        zip([("other.npy", [1]), ("\(name).npy", images)]), to: "\(name).npz")
      let dataset = try Dataset.load(path, directory: nil)
      #expect(dataset.training.elements == .bytes([7, 8]))
      #expect(
        dataset.notes
          == [
            "\(path): read \(name); not read: other; to read another array, add its name: \(path):other"
          ])
    }
    // The only array, and the only one of two dimensions.
    let pixels = try folder.write(zip([("pixels.npy", images)]), to: "one.npz")
    #expect(try Dataset.load(pixels, directory: nil).training.elements == .bytes([7, 8]))
    let both = try folder.write(
      zip([("weights.npy", npy("|u1", "(3,)", [1, 2, 3])), ("pixels.npy", images)]), to: "two.npz")
    #expect(try Dataset.load(both, directory: nil).training.elements == .bytes([7, 8]))
  }

  /// MedMNIST's names, and another array by its own.
  @Test func readsMedMNIST() throws {
    let folder = try TemporaryFolder()
    func images(_ value: UInt8) -> [UInt8] { npy("|u1", "(2, 1, 1)", [value, value + 1]) }
    func labels(_ value: UInt8) -> [UInt8] { npy("|u1", "(2, 1)", [value, value + 1]) }
    let path = try folder.write(
      zip([
        ("train_images.npy", images(1)), ("train_labels.npy", labels(11)),
        ("val_images.npy", images(3)), ("val_labels.npy", labels(13)),
        ("test_images.npy", images(5)), ("test_labels.npy", labels(15)),
      ]), to: "med.npz")
    let dataset = try Dataset.load(path, directory: nil)
    #expect(dataset.training.elements == .bytes([1, 2]))
    #expect(dataset.training.labels == [11, 12])
    #expect(dataset.test?.elements == .bytes([5, 6]))
    #expect(dataset.test?.labels == [15, 16])
    #expect(
      dataset.notes == [
        "\(path): read train_images, train_labels, test_images, test_labels; "
          + "not read: val_images, val_labels; to read another array, add its name: \(path):val_images"
      ])
    let other = try Dataset.load(path + ":val_images", directory: nil)
    #expect(other.training.elements == .bytes([3, 4]))
    #expect(other.training.labels == [13, 14])
    #expect(other.test == nil)
    let options = DataOptions(label: "test_labels", array: "VAL_IMAGES")
    #expect(
      try Dataset.load(path, directory: nil, options: options).training.labels == [15, 16])
  }

  @Test func readsLabelsOfEveryType() throws {
    let folder = try TemporaryFolder()
    func labels(_ array: [UInt8]) throws -> [Int32]? {
      let x = npy("|u1", "(2, 1)", [1, 2])
      let path = try folder.write(zip([("x.npy", x), ("y.npy", array)]), to: "a.npz")
      return try Dataset.load(path, directory: nil).training.labels
    }
    #expect(try labels(npy("<u8", "(2,)", littleEndian([UInt64(3), 70_000]))) == [3, 70_000])
    #expect(try labels(npy(">i2", "(2,)", [0xff, 0xff, 1, 0])) == [-1, 256])
    #expect(try labels(npy("<f8", "(2, 1)", littleEndian([2.0, -1]))) == [2, -1])
    #expect(try labels(npy("|b1", "(2,)", [0, 1])) == [0, 1])
  }

  @Test func readsLabelsOfTheirOwnFile() throws {
    let folder = try TemporaryFolder()
    let x = try folder.write(npy("|u1", "(3, 1)", [1, 2, 3]), to: "x.npy")
    let y = try folder.write(npy("<i8", "(3,)", littleEndian([5, 6, 7])), to: "y.npy")
    var options = DataOptions(label: y)
    options.rowLimit = 2
    let dataset = try Dataset.load(x, directory: nil, options: options)
    #expect(dataset.training.elements == .bytes([1, 2]))
    #expect(dataset.training.labels == [5, 6])
    #expect(dataset.files.map(\.path) == [x, y])
  }

  /// An array of another kind can have the name of labels: an autoencoder needs no labels.
  @Test func saysWhereItReadsNoLabels() throws {
    let folder = try TemporaryFolder()
    let x = npy("|u1", "(2, 1)", [1, 2])
    func expect(
      _ labels: [UInt8], _ note: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let path = try folder.write(zip([("x.npy", x), ("y.npy", labels)]), to: "a.npz")
      let dataset = try Dataset.load(path, directory: nil)
      #expect(dataset.training.labels == nil, sourceLocation: sourceLocation)
      #expect(
        dataset.notes == ["read without labels: \(path), array y: " + note],
        sourceLocation: sourceLocation)
      let error = thrown { () throws(DatasetError) in
        _ = try Dataset.load(path, directory: nil, options: DataOptions(label: "y"))
      }
      #expect(
        error?.description == "\(path), array y: " + note, sourceLocation: sourceLocation)
    }
    let whole = "expected labels that are whole numbers of 32 bits, received "
    let advice = "; number the classes, numpy.unique(array, return_inverse=True)[1]"
    try expect(npy("<i8", "(2,)", littleEndian([1, 1 << 31])), whole + "2147483648" + advice)
    try expect(npy("<f4", "(2,)", littleEndian([Float(1), 0.5])), whole + "0.5" + advice)
    try expect(
      npy("|u1", "(2, 10)", Array(0..<20)),
      "expected one label per example, [N] or [N, 1], received [2, 10]; "
        + "save class numbers, such as array.argmax(axis=1)")
    try expect(
      npy("<U3", "(2,)", [UInt8](repeating: 0, count: 24)),
      "expected numbers: bool, integers or floats of up to 64 bits, received texts (<U3); "
        + "save numbers: numpy.unique(array, return_inverse=True)[1]")
  }

  /// Judged before memory is taken: the file has a terabyte and no blocks on the disk.
  @Test func refusesWhatFitsNoMemory() throws {
    let folder = try TemporaryFolder()
    let file = npy("<f4", "(250000000, 1000)", [])
    let path = try folder.write(file, to: "a.npy")
    try #require(truncate(path, Int(file.count) + 1_000_000_000_000) == 0)
    let error = thrown { () throws(DatasetError) in _ = try Dataset.load(path, directory: nil) }
    let message = try #require(error?.description)
    #expect(
      message.hasPrefix("\(path): expected an array that fits into the "), "\(message)")
    #expect(
      message.contains(
        " of free memory, received 1000.0 GB (<f4 [250000000, 1000]); "
          + "use the first examples with --limit "), "\(message)")
    var options = DataOptions()
    options.rowLimit = 3
    let dataset = try Dataset.load(path, directory: nil, options: options)
    #expect(dataset.training.elements == .floats([Float](repeating: 0, count: 3000)))
    // head -c 12128 a.npy | sha256sum
    let head = try folder.write(file + [UInt8](repeating: 0, count: 12_000), to: "head")
    #expect(
      dataset.files
        == [DatasetFile(path: path, sha256: try SHA256.hash(ofFile: head), hashedByteCount: 12_128)]
    )
  }

  @Test func saysWhatDoesNotFit() throws {
    let folder = try TemporaryFolder()
    let x = npy("<f4", "(2, 1)", littleEndian([Float(1), 2]))
    func expect(
      _ bytes: [UInt8], _ message: String, options: DataOptions = DataOptions(),
      name: String = "a.npz", sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let path = try folder.write(bytes, to: name)
      let error = thrown { () throws(DatasetError) in
        _ = try Dataset.load(path, directory: nil, options: options)
      }
      #expect(
        error?.description == path + message.replacing("PATH", with: path),
        sourceLocation: sourceLocation)
    }
    try expect(
      zip([("a.npy", x), ("b.npy", x)]),
      ": expected an array x_train, x or images, or only one array of examples, "
        + "received a [2, 1], b [2, 1]; name the array, such as --data PATH:a")
    try expect(
      zip([("a.npy", x)]), ": expected one of its arrays a, received c; check the spelling",
      options: DataOptions(array: "c"))
    try expect(
      zip([("a.npy", x)]),
      ": expected one of its arrays a for labels, received c; check the spelling",
      options: DataOptions(label: "c"))
    try expect(
      zip([("notes.txt", [1])]),
      ": expected an archive of NumPy arrays, received one without a member that ends in .npy; "
        + "save it with numpy.savez(path, x=…)")
    try expect(
      zip([("x.npy", x), ("y.npy", npy("|u1", "(3,)", [1, 2, 3]))]),
      ", array y: expected one label per example, 2 labels, received 3 labels; "
        + "save arrays that belong together")
    try expect(
      zip([("x.npy", x), ("x_test.npy", npy("|u1", "(2, 2)", [1, 2, 3, 4]))]),
      ", array x_test: expected test examples of the training examples' shape [1], received [2]; "
        + "save both with the same shape")
    try expect(
      npy("<f4", "(3, 2)", littleEndian([Float(1), 2, 3, .nan, 5, 6])),
      ": expected finite numbers, received nan at [1, 1]; "
        + "fill it with --missing mean, leave it out of the loss with --missing mask, or remove the row",
      name: "a.npy")
    try expect(
      npy("<f8", "(2,)", littleEndian([1, Double.infinity])),
      ": expected finite numbers, received inf at [1]; correct it, or remove the row",
      name: "b.npy")
    try expect(
      Array("no archive".utf8),
      ": expected a zip archive of NumPy arrays, received not a zip archive; "
        + "download the file again, or save it again with numpy.savez")
    var corrupt = zip([("x.npy", x)])
    corrupt[35 + 128] ^= 1  // The first element, behind both headers.
    try expect(
      corrupt,
      ", array x: expected an array that libzip can unpack, received crc error; "
        + "download the file again, or save it again with numpy.savez")
  }

  @Test func survivesBrokenArchives() throws {
    let folder = try TemporaryFolder()
    let archive = zip([("x.npy", npy("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6]))], deflated: true)
    var accepted = 0
    for seed in 0..<1500 {
      let philox = Philox(seed: UInt64(seed), stream: .sampling)
      var bytes = archive
      bytes[Int(philox.word(1)) % bytes.count] ^= UInt8(1 + philox.word(2) % 255)
      if philox.word(3) % 4 == 0 { bytes.removeLast(Int(philox.word(4)) % bytes.count) }
      let path = try folder.write(bytes, to: "a.npz")
      if let dataset = try? Dataset.load(path, directory: nil) {
        accepted += 1
        #expect(dataset.training.elements == .bytes([1, 2, 3, 4, 5, 6]))
      }
    }
    #expect(accepted > 10 && accepted < 1400)
  }
}
