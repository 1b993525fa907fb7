import Foundation
import Recipes
import TestProgram
import Testing

/// Files that are cut short, lie, promise what no memory holds, or are something else: one sentence
/// each, before memory is taken, and nothing left behind.
@Suite struct BadFileTests {
  /// The beginnings of a file, so many bytes each.
  private static func cuts(of whole: Data) -> [Data] {
    let count = whole.count
    return [0, 1, 7, count / 4, count / 2, count * 3 / 4].map { whole.prefix($0) }
  }

  private static func cutFiles(_ name: String, _ whole: Data) -> [BadRow] {
    cuts(of: whole).map { .file(name, $0, says: "cut.") }
  }

  private static func cutFolders(_ ending: String, _ whole: Data) -> [BadRow] {
    (cuts(of: whole) + [whole.dropLast()]).map {
      .idx("idx\(ending) cut to \($0.count)", $0, ending: ending, says: "idx/")
    }
  }

  static let cut: [BadRow] =
    cutFiles("cut.npy", BadFiles.goodNPY) + cutFiles("cut.npz", BadFiles.goodNPZ)
    + cutFiles("cut.jpg", BadFiles.goodJPEG) + cutFiles("cut.png", BadFiles.goodPNG)
    + cutFolders("", BadFiles.goodIDX) + cutFolders(".gz", BadFiles.goodGzip)

  @Test(arguments: cut) func cutShort(_ row: BadRow) throws { try row.judge() }

  /// A table without its last lines is a table; what is left is trained on, or refused.
  @Test func cutTable() throws {
    for count in 0..<BadFiles.goodCSV.count {
      let program = try Program()
      try BadRow.file("cut.csv", BadFiles.goodCSV.prefix(count), says: "").lay(in: program)
      let run = try MeasuredRun(["summary", "table", "--data", "cut.csv"], in: program.folder)
      let objections = run.code == 0 && run.errors.isEmpty ? [] : run.objections()
      #expect(objections == [], "\(count) bytes")
    }
  }

  private static let missing = "expected a header with descr, fortran_order and shape"

  /// Shapes that no array has.
  private static let shapes: [(String, says: String)] = [
    ("(9223372036854775808,)", missing), ("(-4, 3)", missing), ("'text'", missing),
    ("(99999999999999999999, 3)", missing), ("(4, '\u{1b}[31m')", "\\u{1b}[31m"),
    (String(repeating: "(", count: 5000) + ")", missing),
    ("(4611686018427387904, 4)", "dimensions whose product has at most 62 bits"),
    ("(2147483648, 4294967296)", "dimensions whose product has at most 62 bits"),
    ("(100000000000, 10)", "bytes, received"), ("()", "at least one dimension"),
    ("(0, 3)", "at least one example"),
  ]

  private static let types: [(String, says: String)] = [
    ("<c8", "complex numbers"), ("|O", "Python objects"), ("<U8", "texts"), ("<x9", "received"),
  ]

  private static let otherArrays: [BadRow] = [
    .file(
      "lies.npy", BadFiles.npy(shape: "(4, 3)", version: 9) + Data(count: 48), says: "version 9"),
    .file("lies.npy", Data(repeating: 65, count: 200), says: "which begins with 93 4e 55 4d 50 59"),
    .file("vast.npz", BadFiles.vastNPZ, says: "array x: expected"),
    .file("vast.npz", BadFiles.vastHeaderNPZ, says: "a header of at most 1048576 bytes"),
    .file("lies.npz", Data("PK\u{3}\u{4}".utf8) + Data(count: 100), says: "a zip archive"),
  ]

  static let arrays: [BadRow] =
    shapes.map { .file("lies.npy", BadFiles.npy(shape: $0.0) + Data(count: 48), says: $0.says) }
    + types.map {
      .file("lies.npy", BadFiles.npy($0.0, shape: "(4, 3)") + Data(count: 96), says: $0.says)
    } + otherArrays

  @Test(arguments: arrays) func lyingArrays(_ row: BadRow) throws { try row.judge() }

  static let images: [BadRow] = [
    .file("square.png", BadFiles.squarePNG, says: "received 2147483647×2147483647"),
    .file("interlaced.png", BadFiles.interlacedPNG, says: "received 30000×30000"),
    .file("wide.png", BadFiles.widePNG, says: "received 134217728×1"),
    .file("text.png", Data("text".utf8), says: "a file of another format"),
    .data(
      "one of a folder", ["all/a.png": BadFiles.goodPNG, "all/b.png": BadFiles.squarePNG], "all",
      recipe: "simple", says: "b.png"),
    .idx("magic", Data(repeating: 3, count: 40), says: "which begins with 00 00"),
    .idx("overflow", BadFiles.idx([.max, .max, .max]), says: "at most 62 bits"),
    .idx("a terabyte", BadFiles.idx([1 << 20, 1 << 10, 1 << 10]), says: "bytes, received"),
    .idx("nothing", BadFiles.idx([0, 28, 28]), says: "dimensions of at least 1"),
    .idx("floats", BadFiles.idx(type: 13, [10, 28, 28]), says: "expected unsigned bytes"),
    .idx("255 dimensions", BadFiles.idx(Array(repeating: .max, count: 255)), says: "received 255"),
    .idx("a terabyte in gzip", BadFiles.vastGzip, ending: ".gz", says: "expected"),
  ]

  @Test(arguments: images) func lyingImages(_ row: BadRow) throws { try row.judge() }

  static let tables: [BadRow] = [
    .file("binary.csv", Data(0...255), says: "a byte 0"),
    .file(
      "vast.csv", Data("a,b\n".utf8) + Data(repeating: 49, count: 50 << 20), says: "line 2",
      peak: 300),
    .file(
      "names.csv", Data((0..<300_000).map { "c\($0)" }.joined(separator: ",").utf8 + [10]),
      says: "received", peak: 400),
    .file("control.csv", Data("a,b\u{1b}[31m\n1,\u{1b}]0;x\u{7}\n".utf8), says: "\\u{1b}"),
    .file("packed.csv.gz", BadFiles.goodGzip, says: "a gzip archive"),
    .file("control\u{1b}[31m\n.npy", Data("x".utf8), says: "control\\u{1b}[31m\\n.npy"),
    .data("no such file", [:], "\u{1b}[31m.npy", says: "\\u{1b}[31m.npy"),
    .data(
      "a long name", [:], String(repeating: "x", count: 300) + ".npy",
      says: "check the spelling or the path"),
  ]

  @Test(arguments: tables) func badTables(_ row: BadRow) throws { try row.judge() }

  private static func tensor(_ shape: String, _ offsets: String, type: String = "F32") -> Data {
    BadFiles.safetensors(
      #"{"a": {"dtype": "\#(type)", "shape": \#(shape), "data_offsets": \#(offsets)}}"#)
  }

  static let weights: [BadRow] = [
    .weights("empty", Data(), says: "at least 8 bytes, received 0 bytes"),
    .weights("cut", Data(count: 7), says: "at least 8 bytes, received 7 bytes"),
    .weights(
      "a header of 2⁶³", BadFiles.safetensors("{}", count: 1 << 63),
      says: "a header of 9223372036854775808"),
    .weights(
      "a header of a terabyte", BadFiles.safetensors("{}", count: 1 << 40),
      says: "within the file's"),
    .weights("no JSON", BadFiles.safetensors("abcd"), says: "a JSON object"),
    .weights("a list", BadFiles.safetensors("[]"), says: "a JSON object"),
    .weights(
      "deep", BadFiles.safetensors(String(repeating: "[", count: 40_000)), says: "a JSON object"),
    .weights(
      "overflow", tensor("[4611686018427387904, 4]", "[0, 16]"),
      says: "a shape that fits into memory"),
    .weights("negative", tensor("[-2, 2]", "[16, 0]"), says: "a shape of whole numbers"),
    .weights("fractions", tensor("[2.5, 2]", "[0, 1e300]"), says: "a shape of whole numbers"),
    .weights(
      "places", tensor("[2, 2]", "[0, 4611686018427387904]"), says: "expected a with 16 bytes"),
    .weights("behind the end", tensor("[100, 2]", "[0, 800]"), says: "within the file's 64 bytes"),
    .weights(
      "control characters", tensor("[2, 2]", "[0, 16]", type: #"\u001b[31m"#),
      says: "received \\u{1b}[31m"),
  ]

  @Test(arguments: weights) func badWeights(_ row: BadRow) throws { try row.judge() }
}
