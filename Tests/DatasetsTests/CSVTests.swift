import Datasets
import TestFolders
import Testing

@Suite struct CSVTests {
  private func load(_ text: String, _ options: DataOptions = DataOptions()) throws -> Dataset {
    let folder = try TemporaryFolder()
    return try Dataset.load(
      folder.write(Array(text.utf8), to: "a.csv"), directory: nil, options: options)
  }

  @Test func readsEveryColumnButTheLabel() throws {
    let text = "width,height,species\n1,2.5,b\n-3e2, 4 ,a\n5,6,b\n"
    let dataset = try load(text, DataOptions(label: "species"))
    #expect(dataset.training.shape == [2])
    #expect(dataset.training.elements == .floats([1, 2.5, -300, 4, 5, 6]))
    #expect(dataset.training.labels == [1, 0, 1])
    #expect(dataset.labelNames == ["a", "b"])
  }

  @Test func readsChosenColumnsInTheirOrder() throws {
    let text = "a,b,c,d\n1,2,x,4\n5,6,y,8\n"
    let dataset = try load(text, DataOptions(columns: ["d", "a"]))
    #expect(dataset.training.elements == .floats([4, 1, 8, 5]))
    #expect(dataset.training.labels == nil)
    #expect(dataset.labelNames == nil)
  }

  @Test func numbersColumnsWhereThereIsNoHeader() throws {
    let options = DataOptions(header: false, separator: ";", columns: ["3", "2"], label: "1")
    let dataset = try load("10;1;2\n9;3;4\n10;5;6", options)
    #expect(dataset.training.elements == .floats([2, 1, 4, 3, 6, 5]))
    // Whole numbers are sorted as numbers.
    #expect(dataset.labelNames == ["9", "10"])
    #expect(dataset.training.labels == [1, 0, 1])
  }

  @Test func takesQuotesMarksAndLineEndings() throws {
    let text =
      "\u{feff}\"a \"\"b\"\", c\",\"two\nlines\",n\r\n\"1\",\"x\",\"2\"\r\n\r\n3,\"\"\"\",4\r\n"
    let dataset = try load(text, DataOptions(columns: ["a \"b\", c", "n"], label: "two\nlines"))
    #expect(dataset.training.elements == .floats([1, 2, 3, 4]))
    #expect(dataset.labelNames == ["\"", "x"])
    #expect(dataset.training.labels == [1, 0])
  }

  @Test func takesASecondFileAsTestExamples() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("a,k\n1,x\n2,y\n3,z\n".utf8), to: "a.csv")
    let test = try folder.write(Array("a,k\n4,z\n5,y\n".utf8), to: "b.csv")
    let dataset = try Dataset.load(
      path, directory: nil, options: DataOptions(label: "k", test: test))
    #expect(dataset.test?.elements == .floats([4, 5]))
    #expect(dataset.test?.labels == [2, 1])
    #expect(dataset.files.map(\.path) == [path, test])

    try folder.write(Array("a,k\n4,w\n".utf8), to: "b.csv")
    let error = thrown { () throws(DatasetError) in
      _ = try Dataset.load(path, directory: nil, options: DataOptions(label: "k", test: test))
    }
    #expect(
      error?.description
        == "\(test): expected the training examples' classes x, y, z, received w; "
        + "prepare both alike")
  }

  @Test func validationTakesTheTestExamplesOfAnother() throws {
    let curve = try Dataset.load("curve3d", directory: nil)
    #expect(try curve.validation(from: curve) == curve.test)
    let digits = try Dataset.load("digits", directory: nil)
    let error = thrown { () throws(DatasetError) in _ = try curve.validation(from: digits) }
    #expect(
      error?.description
        == "digits: expected examples of the training examples' shape [3], received [28, 28, 1]; "
        + "prepare both alike")
  }

  private struct Case: Sendable {
    let text: String
    var options = DataOptions()
    let message: String
  }

  private static let wrong: [Case] = [
    Case(
      text: "",
      message: ": expected lines, received an empty file; check that the file is what its name says"
    ),
    Case(
      text: "a,b\n",
      message: ": expected lines after the header, received none; check that the file is what its "
        + "name says"),
    Case(
      text: "a,b\n1,2\n\n3\n",
      message: ", line 4: expected 2 fields, as in the first line, received 1; quote fields that "
        + "hold the separator, or set data.separator"),
    Case(
      text: "a,b\n1,2\n3,x\n",
      message: ", line 3, column b: expected a finite number, received x; correct it, or leave the "
        + "column out with data.columns"),
    Case(
      text: "\"a\n\",b\n1,2\n3,\n",
      message: ", line 4, column b: expected a finite number, received nothing; correct it, or "
        + "leave the column out with data.columns"),
    Case(
      text: "a\n1e99\n",
      message: ", line 2, column a: expected a finite number, received 1e99; correct it, or leave "
        + "the column out with data.columns"),
    Case(
      text: "1,2\n3,nan\n", options: DataOptions(header: false),
      message: ", line 2, column 2: expected a finite number, received nan; correct it, or leave "
        + "the column out with data.columns"),
    Case(
      text: "a,b\n1,\"2\n3,4\n",
      message:
        ", line 2: expected a closing quote, received the end of the file; double the quotes "
        + "within a quoted field"),
    Case(
      text: "a,b\n1,\"2\"x\n",
      message: ", line 2: expected a separator after a closing quote, received more text; double "
        + "the quotes within a quoted field"),
    Case(
      text: "a,b\n1,2\"\n",
      message: ", line 2: expected quotes around whole fields only, received one within a field; "
        + "double the quotes within a quoted field"),
    Case(
      text: "a,b\n1,2\n", options: DataOptions(columns: ["c"]),
      message:
        ": expected one of the columns a, b in data.columns, received c; check the spelling, "
        + "or set data.header"),
    Case(
      text: "a,a\n1,2\n", options: DataOptions(label: "a"),
      message: ": expected a column whose name is its own in data.label, received a, which 2 "
        + "columns have; rename one of them"),
    Case(
      text: "1,2\n", options: DataOptions(header: false, label: "3"),
      message: ": expected a column from 1 to 2 in data.label, as there is no header, received 3; "
        + "number the columns from 1, or set data.header"),
    Case(
      text: "k\nx\n", options: DataOptions(label: "k"),
      message: ": expected at least one column of features, received none; choose some with "
        + "data.columns"),
  ]

  @Test(arguments: wrong) private func saysWhereItIsWrong(_ wrong: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(wrong.text.utf8), to: "a.csv")
    let error = thrown { () throws(DatasetError) in
      _ = try Dataset.load(path, directory: nil, options: wrong.options)
    }
    #expect(error?.description == path + wrong.message)
  }

  @Test func namesTheEndingsItKnows() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "a.xlsx")
    let error = thrown { () throws(DatasetError) in _ = try Dataset.load(path, directory: nil) }
    #expect(
      error?.description
        == "\(path): expected a file that ends in .npy, .npz, .csv, .png or .jpg, received .xlsx; "
        + "convert it, or rename it if it is one of these")
  }
}
