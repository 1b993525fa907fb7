import Datasets
import Glibc
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
    func elements<Number: FixedWidthInteger>(
      _ type: String, _ numbers: [Number]
    ) throws -> NPY.Elements {
      let big = numbers.map(\.bigEndian)
      let little = try NPY.decode(npy("<" + type, "(2,)", littleEndian(numbers)), place: "a")
      #expect(try NPY.decode(npy(">" + type, "(2,)", littleEndian(big)), place: "a") == little)
      return little.elements
    }
    #expect(try elements("u1", [UInt8(200), 7]) == .bytes([200, 7]))
    #expect(try elements("b1", [UInt8(1), 0]) == .floats([1, 0]))
    #expect(try elements("i1", [Int8(-7), 7]) == .floats([-7, 7]))
    #expect(try elements("i2", [Int16(-300), 7]) == .floats([-300, 7]))
    #expect(try elements("u2", [UInt16(65_535), 7]) == .floats([65_535, 7]))
    #expect(try elements("i4", [Int32.min, 7]) == .doubles([-2_147_483_648, 7]))
    #expect(try elements("u4", [UInt32.max, 7]) == .doubles([4_294_967_295, 7]))
    #expect(try elements("i8", [Int64.min, 7]) == .doubles([-0x1p63, 7]))
    #expect(try elements("u8", [UInt64.max, 7]) == .doubles([0x1p64, 7]))
    // 1.5 and -65504, the lowest.
    #expect(try elements("f2", [UInt16(0x3e00), 0xfbff]) == .floats([1.5, -65504]))
    #expect(
      try elements("f4", [Float(0.1).bitPattern, Float(-3).bitPattern]) == .floats([0.1, -3]))
    #expect(
      try elements("f8", [(0.1).bitPattern, (1e300).bitPattern]) == .doubles([0.1, 1e300]))
  }

  /// `numpy.arange(12).reshape(2, 3, 2)` in Fortran order, and the first row of it.
  @Test func readsFortranOrder() throws {
    let file = npy(
      "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }",
      [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
    #expect(try NPY.decode(file, place: "a").elements == .bytes(Array(0..<12)))
    #expect(try NPY.decode(file, place: "a").shape == [2, 3, 2])
    let first = try NPY.decode(file, limit: 1, place: "a")
    #expect(first.elements == .bytes(Array(0..<6)))
    #expect(first.shape == [1, 3, 2])
    #expect(first.rowCount == 2)
  }

  @Test func readsNoMoreThanTheLimit() throws {
    let file = npy("<f4", "(3, 2)", littleEndian([Float(1), 2, 3, 4, 5, 6]))
    #expect(try NPY.decode(file, limit: 2, place: "a").elements == .floats([1, 2, 3, 4]))
    // Later missing values are not searched for.
    let cut = Array(file.dropLast(4))
    #expect(try NPY.decode(cut, limit: 2, place: "a").elements == .floats([1, 2, 3, 4]))
    #expect(
      try NPY.decode(file, limit: 9, place: "a").elements.self
        == NPY.decode(file, place: "a").elements)
  }

  @Test func saysWhatIsWrong() {
    let good = npy("<f4", "(2, 2)", littleEndian([Float(1), 2, 3, 4]))
    let types = "numbers: bool, integers or floats of up to 64 bits"
    let cases: [(bytes: [UInt8], message: String)] = [
      ([], "a: expected 10 bytes, received 0; download the file again"),
      (Array(good.prefix(7)), "a: expected 10 bytes, received 7; download the file again"),
      (Array(good.prefix(9)), "a: expected 10 bytes, received 9; download the file again"),
      (Array(good.prefix(60)), "a: expected 128 bytes, received 60; download the file again"),
      (good.dropLast(), "a: expected 144 bytes, received 143; download the file again"),
      (good + [0], "a: expected 144 bytes, received 145, 1 too many; download the file again"),
      (
        Array("PK\u{3}\u{4}abcdefgh".utf8),
        "a: expected an NPY file, which begins with 93 4e 55 4d 50 59, received 50 4b 03 04 61 62; "
          + "check that it is the right file"
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
        npy("<c16", "(1,)", []),
        "a: expected \(types), received complex numbers (<c16); "
          + "save numpy.stack([array.real, array.imag], axis=-1)"
      ),
      (
        npy("<f16", "(1,)", []),
        "a: expected \(types), received long doubles (<f16); save array.astype('float64')"
      ),
      (
        npy("|O", "(1,)", []),
        "a: expected \(types), received Python objects (|O); "
          + "make all rows equally long, then save numpy.array(rows, dtype='float64')"
      ),
      (
        npy("<U3", "(1,)", []),
        "a: expected \(types), received texts (<U3); "
          + "save numbers: numpy.unique(array, return_inverse=True)[1]"
      ),
      (
        npy("<M8[ns]", "(1,)", []),
        "a: expected \(types), received dates or times (<M8[ns]); save array.astype('int64')"
      ),
      (
        npy("{'descr': [('a', '<f4'), ('b', '|u1')], 'fortran_order': False, 'shape': (3,)}", []),
        "a: expected \(types), received records ([('a', '<f4'), ('b', '|u1')]); "
          + "save numpy.lib.recfunctions.structured_to_unstructured(array), or one field"
      ),
      (
        npy("<f4", "()", littleEndian([Float(1)])),
        "a: expected an array of at least one dimension, received a single number; "
          + "save array.reshape(1, 1)"
      ),
      (
        npy("<f4", "(3, 0)", []),
        "a: expected at least one example of at least one value, received an array of shape "
          + "[3, 0]; save an array that is not empty"
      ),
      (
        npy("<f8", "(4611686018427387904, 1)", []),
        "a: expected dimensions whose product has at most 62 bits, "
          + "received [4611686018427387904, 1]; download the file again"
      ),
      (
        npy("<f4\u{1b}]0;x\u{7}", "(1,)", []),
        "a: expected \(types), received another type (<f4\\u{1b}]0;x\\u{7}); "
          + "save an array of numbers"
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
        == "\(path), array x: expected 1099511627776128 bytes, received 131; download the file "
        + "again")
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
    #expect(try Dataset.load(color, directory: nil).notes == [])
    let first = try folder.write(npy("|u1", "(1, 3, 2, 2)", Array(0..<12)), to: "d.npy")
    #expect(
      try Dataset.load(first, directory: nil).notes == [
        "\(first): [1, 3, 2, 2] is read as 3 rows of 2 pixels with 2 channels; "
          + "if it is [N, C, H, W], save array.transpose(0, 2, 3, 1)"
      ])
  }
}
