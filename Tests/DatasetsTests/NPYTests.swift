import Datasets
import Randoms
import TestFolders
import Testing

@Suite struct NPYTests {
  @Test(arguments: [1, 2, 3] as [UInt8]) func readsEveryVersion(version: UInt8) throws {
    let array = try NPY.decode(
      npy("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6], version: version), place: "a")
    #expect(array.shape == [2, 3])
    #expect(array.elements == .bytes([1, 2, 3, 4, 5, 6]))
  }

  /// The bytes of `numpy.save` for `numpy.array([1.5, -2], dtype='f4')`, as NumPy 1.24 writes them.
  @Test func readsWhatNumPyWrites() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    let file: [UInt8] =
      [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [0x0a]
      + [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]
    #expect(try NPY.decode(file, place: "a").elements == .floats([1.5, -2]))
  }

  @Test func readsEveryElementType() throws {
    func elements(_ type: String, _ bytes: [UInt8]) throws -> NPY.Elements {
      try NPY.decode(npy(type, "(2,)", bytes), place: "a").elements
    }
    #expect(try elements("<f8", littleEndian([0.1, -3.0])) == .floats([0.1, -3]))
    #expect(try elements("|i1", littleEndian([Int8(-7), 7])) == .integers([-7, 7]))
    #expect(try elements("<i2", littleEndian([Int16(-300), 7])) == .integers([-300, 7]))
    #expect(try elements("<u2", littleEndian([UInt16(65_535), 7])) == .integers([65_535, 7]))
    #expect(try elements("<i4", littleEndian([Int32.min, 7])) == .integers([-2_147_483_648, 7]))
    #expect(try elements("<u4", littleEndian([UInt32.max, 7])) == .integers([4_294_967_295, 7]))
    #expect(try elements("<i8", littleEndian([Int64.min, 7])) == .integers([.min, 7]))
  }

  @Test func saysWhatIsWrong() {
    let good = npy("<f4", "(2, 2)", littleEndian([Float(1), 2, 3, 4]))
    let types = "little-endian bytes (u1), floats (f4, f8) or, for labels, integers"
    let cases: [(bytes: [UInt8], message: String)] = [
      ([], "a: expected 10 bytes, received 0; get the file again"),
      (Array(good.prefix(7)), "a: expected 10 bytes, received 7; get the file again"),
      (Array(good.prefix(9)), "a: expected 10 bytes, received 9; get the file again"),
      (Array(good.prefix(60)), "a: expected 128 bytes, received 60; get the file again"),
      (good.dropLast(), "a: expected 144 bytes, received 143; get the file again"),
      (good + [0], "a: expected 144 bytes, received 145, 1 too many; get the file again"),
      (
        Array("PK\u{3}\u{4}abcdefgh".utf8),
        "a: expected an NPY file, which begins with 93 4e 55 4d 50 59, received 50 4b 03 04 61 62; "
          + "check that the file is what its name says"
      ),
      (
        npy("<f4", "(1,)", [], version: 9),
        "a: expected version 1.0, 2.0 or 3.0 of NPY, received version 9.0; save it again with NumPy"
      ),
      (
        npy("<f4", "(1, x)", []),
        "a: expected a header with descr, fortran_order and shape, received "
          + "{'descr': '<f4', 'fortran_order': False, 'shape': (1, x), }; save it again with NumPy"
      ),
      (
        npy(">f4", "(1,)", [0, 0, 0, 0]),
        "a: expected \(types), received >f4; save array.astype(array.dtype.newbyteorder('<'))"
      ),
      (
        npy("<c16", "(1,)", []),
        "a: expected \(types), received <c16; save array.astype('float32')"
      ),
      (
        npy("{'descr': [('a', '<f4'), ('b', '|u1')], 'fortran_order': False, 'shape': (3,)}", []),
        "a: expected \(types), received [('a', '<f4'), ('b', '|u1')]; save one field of the record"
      ),
      (
        npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", []),
        "a: expected rows one after the other, received columns (Fortran order); "
          + "save numpy.ascontiguousarray(array)"
      ),
      (
        npy("<f4", "()", littleEndian([Float(1)])),
        "a: expected an array of at least one dimension, received a single number; "
          + "save one example to a row"
      ),
      (
        npy("<f4", "(3, 0)", []),
        "a: expected dimensions of at least 1, received [3, 0]; get the file again"
      ),
      (
        npy("<f8", "(4611686018427387904, 1)", []),
        "a: expected dimensions that multiply to a 62-bit number, "
          + "received [4611686018427387904, 1]; get the file again"
      ),
      (
        npy("<f4", "(3, 2)", littleEndian([Float(1), 2, 3, .nan, 5, 6])),
        "a: expected finite 32-bit floats, received nan at [1, 1]; clean the array before saving it"
      ),
      (
        npy("<f8", "(2,)", littleEndian([1, 1e300])),
        "a: expected finite 32-bit floats, received 1e+300 at [1]; clean the array before saving it"
      ),
    ]
    for (bytes, message) in cases {
      let error = thrown { () throws(DatasetError) in _ = try NPY.decode(bytes, place: "a") }
      #expect(error?.description == message)
    }
  }

  /// Broken files end in an error or in the array that their bytes describe.
  @Test func survivesBrokenFiles() throws {
    let file = npy("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6])
    var accepted = 0
    for seed in 0..<5000 {
      let philox = Philox(seed: UInt64(seed), stream: .sampling)
      var bytes = file
      for flip in 0..<Int(1 + philox.word(0) % 3) {
        bytes[Int(philox.word(1 + 2 * flip)) % bytes.count] ^= UInt8(
          1 + philox.word(2 + 2 * flip) % 255)
      }
      if philox.word(9) % 4 == 0 { bytes.removeLast(Int(philox.word(10)) % bytes.count) }
      if let array = try? NPY.decode(bytes, place: "a") {
        accepted += 1
        guard case .bytes(let elements) = array.elements else { continue }
        #expect(elements == Array(bytes.suffix(elements.count)))
        #expect(array.shape.reduce(1, *) == elements.count)
      }
    }
    #expect(accepted > 50 && accepted < 4900)
  }

  /// A promise of much memory is not believed.
  @Test func takesNoMemoryForWhatIsNotThere() throws {
    let folder = try TemporaryFolder()
    let huge = npy("|u1", "(1099511627776, 1000)", [1, 2, 3])
    let path = try folder.write(zip([("x.npy", huge)], deflated: true), to: "a.npz")
    let error = thrown { () throws(DatasetError) in
      _ = try Dataset.load(path, directory: nil)
    }
    #expect(
      error?.description
        == "\(path), array x: expected 1099511627776128 bytes, received 131; get the file again")
  }
}

@Suite struct ArrayFileTests {
  @Test func readsAPlainArrayAsTrainingExamples() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(npy("|u1", "(2, 2, 3)", Array(0..<12)), to: "a.npy")
    let dataset = try Dataset.load(path, directory: nil)
    #expect(dataset.name == "a.npy")
    #expect(dataset.training.shape == [2, 3, 1])
    #expect(dataset.training.elements == .bytes(Array(0..<12)))
    #expect(dataset.training.labels == nil)
    #expect(dataset.test == nil)
    #expect(dataset.files.map(\.path) == [path])
    let numbers = try folder.write(npy("<f8", "(3,)", littleEndian([1.0, 2, 3])), to: "b.NPY")
    #expect(try Dataset.load(numbers, directory: nil).training.shape == [1])
    let color = try folder.write(npy("|u1", "(1, 2, 2, 3)", Array(0..<12)), to: "c.npy")
    #expect(try Dataset.load(color, directory: nil).training.shape == [2, 2, 3])
  }

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
    for name in ["x", "X", "images", "X_train"] {
      let path = try folder.write(
        zip([("other.npy", [1]), ("\(name).npy", images)]), to: "\(name).npz")
      #expect(try Dataset.load(path, directory: nil).training.elements == .bytes([7, 8]))
    }
  }

  @Test func saysWhatDoesNotFit() throws {
    let folder = try TemporaryFolder()
    let x = npy("<f4", "(2, 1)", littleEndian([Float(1), 2]))
    func expect(
      _ bytes: [UInt8], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let path = try folder.write(bytes, to: "a.npz")
      let error = thrown { () throws(DatasetError) in
        _ = try Dataset.load(path, directory: nil)
      }
      #expect(error?.description == path + message, sourceLocation: sourceLocation)
    }
    try expect(
      zip([("a.npy", x), ("b.npy", x)]),
      ": expected an array x_train, x or images, received a, b; save it with numpy.savez(path, x=…)"
    )
    try expect(
      zip([("x.npy", x), ("y.npy", npy("|u1", "(3,)", [1, 2, 3]))]),
      ", array y: expected one label to each of 2 examples, received 3 labels; "
        + "save arrays that belong together")
    try expect(
      zip([("x.npy", x), ("y.npy", npy("<i8", "(2,)", littleEndian([1, 1 << 31])))]),
      ", array y: expected labels that fit 32 bits, received 2147483648; number the classes from 0")
    try expect(
      zip([("x.npy", x), ("y.npy", npy("|u1", "(2, 10)", Array(0..<20)))]),
      ", array y: expected one label to an example, [N] or [N, 1], received [2, 10]; "
        + "save class numbers, such as array.argmax(axis=1)")
    try expect(
      zip([("x.npy", x), ("y.npy", x)]),
      ", array y: expected labels that are integers, received floats; save array.astype('uint8')")
    try expect(
      zip([("x.npy", npy("<i8", "(1,)", littleEndian([1])))]),
      ", array x: expected bytes (u1) or floats (f4, f8) for examples, received integers; "
        + "save array.astype('float32')")
    try expect(
      zip([("x.npy", x), ("x_test.npy", npy("|u1", "(2, 2)", [1, 2, 3, 4]))]),
      ", array x_test: expected examples of the training examples' shape [1], received [2]; "
        + "save both in one shape")
    try expect(
      Array("no archive".utf8),
      ": expected a zip archive of NumPy arrays, received not a zip archive; "
        + "get the file again, or save it again with numpy.savez")
    var corrupt = zip([("x.npy", x)])
    corrupt[35 + 128] ^= 1  // The first element, behind both headers.
    try expect(
      corrupt,
      ", array x: expected an array that libzip can unpack, received crc error; "
        + "get the file again, or save it again with numpy.savez")
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
