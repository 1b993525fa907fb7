import Datasets
import TestFolders
import Testing

/// Encodings, line ends, separators and decimal signs as spreadsheets write them.
@Suite struct CSVDialectTests {
  private func load(_ bytes: [UInt8], _ options: DataOptions = DataOptions()) throws -> Dataset {
    try loadTable(bytes, options)
  }

  private func load(_ text: String, _ options: DataOptions = DataOptions()) throws -> Dataset {
    try load(Array(text.utf8), options)
  }

  private func message(_ text: String, _ options: DataOptions = DataOptions()) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.utf8), to: "a.csv")
    return thrown { () throws(DatasetError) in
      _ = try loadTable(at: path, options, cache: folder)
    }?.description.replacing(path, with: "a.csv")
  }

  /// `größe,b` over `1,2` and `3,4`, in every dress.
  private static let sizes: [(bytes: [UInt8], notes: [String])] = {
    let text = "größe,b\r\n1,2\r\n3,4\r\n"
    func utf16(_ text: String, big: Bool) -> [UInt8] {
      [0xfeff].map { UInt16($0) }.flatMap { pair($0, big) } + text.utf16.flatMap { pair($0, big) }
    }
    func pair(_ unit: UInt16, _ big: Bool) -> [UInt8] {
      let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
      return big ? bytes : bytes.reversed()
    }
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    return [
      (Array(text.utf8), []), ([0xef, 0xbb, 0xbf] + Array(text.utf8), []),
      (utf16(text, big: false), []), (utf16(text, big: true), []),
      (latin, ["the file is not UTF-8 and was read as Windows-1252 (Latin-1)"]),
      (Array("größe,b\r1,2\r3,4\r".utf8), []), (Array("größe,b\n1,2\n3,4".utf8), []),
      (Array("größe,b\n1,2\n3,4\n  \n\n".utf8), []),
      (Array("größe,b\n1,2\n3,4\n\u{1a}".utf8), []),
      (Array("größe, \"b\"\n \"1\" ,\"2\"\n3 , 4\n".utf8), []),
      (
        Array("größe,b,\n1,2,\n3,4,\n".utf8),
        ["the separator at the end of every line is ignored"]
      ),
      (
        Array("größe,b\n1,2,\n3,4,\n".utf8),
        ["the separator at the end of every line is ignored"]
      ),
      (Array("größe,b\n1,2\n\n3,4\n".utf8), ["1 blank line between others is skipped"]),
      (
        Array("größe,b\n1,2\n3,4\n,\n,\n".utf8), ["2 empty lines at the end are skipped"]
      ),
      (
        Array("größe;b\n1;2\n3;4\n".utf8), ["fields are separated by ;, detected from the lines"]
      ),
      (
        Array("größe\tb\n1\t2\n3\t4\n".utf8),
        ["fields are separated by tab, detected from the lines"]
      ),
      (
        Array("sep=;\r\ngröße;b\r\n1;2\r\n3;4\r\n".utf8),
        ["fields are separated by ;, given by the file's first line"]
      ),
      (
        Array("\"sep=|\"\ngröße|b\n1|2\n3|4\n".utf8),
        ["fields are separated by |, given by the file's first line"]
      ),
    ]
  }()

  @Test(arguments: sizes.indices) func readsEveryDress(_ index: Int) throws {
    let (bytes, notes) = Self.sizes[index]
    let dataset = try load(bytes)
    #expect(dataset.training.elements == .doubles([1, 2, 3, 4]))
    #expect(dataset.featureNames == ["größe", "b"])
    #expect(dataset.notes == notes)
  }

  @Test func readsDecimalCommas() throws {
    let text = "a;b\n1,5;2,25\n-3,5e1;4\n"
    let found = try load(text)
    #expect(found.training.elements == .doubles([1.5, 2.25, -35, 4]))
    #expect(
      found.notes == [
        "fields are separated by ;, detected from the lines",
        "the decimal sign is a comma, detected from the numbers",
      ])
    let said = try load(text, DataOptions(separator: ";", decimal: ","))
    #expect(said.training.elements == found.training.elements)
    #expect(said.notes == [])
    #expect(
      try load("a,b\n\"1,5\",\"2,25\"\n").training.elements == .doubles([1.5, 2.25]))
    // If set, a comma is the decimal sign even where it could group digits.
    #expect(
      try load("a;b\n1,234;5,678\n", DataOptions(decimal: ",")).training.elements
        == .doubles([1.234, 5.678]))
  }

  @Test func guessesNothingAmbiguous() throws {
    #expect(
      try message("a;b\n1,234;5,678\n")
        == "a.csv: expected numbers with only one possible meaning, received 1,234, whose comma "
        + "may be a decimal sign or a digit group separator; say that it is the decimal sign "
        + "with --decimal , "
        + "(data.decimal), or write the numbers without digit groups")
    #expect(
      try message("1,5;2,5\n3,5;4,5\n", DataOptions(header: false))
        == "a.csv: expected lines with only one possible separator, received lines that , "
        + "splits into 3 and ; splits into 2 fields; choose one with --separator, or "
        + "data.separator")
    #expect(
      try message("a;b\n1.234,5;2\n")
        == "a.csv, line 2, column a: expected a number, received 1.234,5; write numbers without "
        + "digit groups")
    #expect(
      try message("a;b\n1.5;2,5\n")
        == "a.csv, line 2, column b: expected a number, received 2,5; say with --decimal , "
        + "(data.decimal) that this is the decimal sign")
  }

  /// Every spelling of a number is read as the standard library reads it.
  @Test func numbersAreRoundedOnce() throws {
    let texts = [
      "0", "-0", "1.", ".5", "+2.5", "0.1", "123456.789", "1e23", "8.41e-21", "9007199254740993",
      "1.7976931348623157e308", "5e-324", "3.141592653589793238462643383", "1E5", "1e-400",
      "12345678901234567890", "0.30000000000000004",
    ]
    let dataset = try load("a\n" + texts.joined(separator: "\n"))
    #expect(dataset.training.elements == .doubles(texts.map { Double($0)! }))
    for text in ["0x10", "1_000", "1e", "e5", ".", "-", "1.2.3", "1 2", "--1", "True", "1f"] {
      #expect(
        try message("a\n\(text)\n")?.contains("expected a number, received") == true, "\(text)")
    }
  }

  @Test func refusesWhatIsNoText() throws {
    func message(_ bytes: [UInt8], _ name: String = "a.csv") throws -> String? {
      let folder = try TemporaryFolder()
      let path = try folder.write(bytes, to: name)
      return thrown { () throws(DatasetError) in _ = try loadTable(at: path, cache: folder) }?
        .description.replacing(path, with: name)
    }
    #expect(
      try message([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])
        == "a.csv: expected text in UTF-8, or in UTF-16 with a byte-order mark, received UTF-32; "
        + "save it as CSV in UTF-8")
    #expect(
      try message([0x61, 0, 0x0a, 0])
        == "a.csv: expected text in UTF-8, or in UTF-16 with a byte-order mark, received a byte 0 at "
        + "offset 1; save it as CSV in UTF-8")
    #expect(
      try message(Array("PAR1".utf8) + [0x15, 4, 0])
        == "a.csv: expected a text file, as its extension says, received Parquet; convert it with "
        + "pandas: pandas.read_parquet(path).to_csv('data.csv', index=False)")
    // A column can have this name.
    #expect(try load("PAR1,b\n1,2\n").featureNames == ["PAR1", "b"])
    for (name, format) in [
      ("a.parquet", "Parquet"), ("a.feather", "Feather or Arrow"), ("a.arrow", "Feather or Arrow"),
      ("a.xlsx", "an Excel workbook"), ("a.XLS", "an old Excel workbook"),
      ("a.ods", "an OpenDocument spreadsheet"), ("a.json", "JSON"),
      ("a.mat", "a MATLAB file"), ("a.pkl", "a Python pickle"), ("a.dta", "a Stata file"),
      ("a.sav", "an SPSS file"), ("a.rds", "an R file"), ("a.csv.gz", "a gzip archive"),
      ("a.pt", "PyTorch tensors"), ("a.sas7bdat", "a SAS file"), ("a.arff", "a Weka file"),
    ] {
      let said = try #require(try message([1], name))
      let ending = name.split(separator: ".").last!.lowercased()
      #expect(
        said.hasPrefix(
          "\(name): expected a file that ends in .npy, .npz, .safetensors, .h5, .csv, .tsv, .png or .jpg, received \(format) "
            + "(.\(ending)); "), "\(said)")
    }
    #expect(
      try message([1], "a.foo")
        == "a.foo: expected a file that ends in .npy, .npz, .safetensors, .h5, .csv, .tsv, .png or .jpg, received "
        + ".foo; convert it, or rename it if it has one of these formats")
  }
}
