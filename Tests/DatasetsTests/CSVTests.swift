import Datasets
import TestFolders
import Testing

@Suite struct CSVTests {
  private func load(_ text: String, _ options: DataOptions = DataOptions()) throws -> Dataset {
    try loadTable(Array(text.utf8), options)
  }

  @Test func readsEveryColumnButTheLabel() throws {
    let text = "width,height,species\n1,2.5,b\n-3e2, 4 ,a\n5,6,b\n"
    let dataset = try load(text, DataOptions(label: "species"))
    #expect(dataset.training.shape == [2])
    #expect(dataset.training.elements == .doubles([1, 2.5, -300, 4, 5, 6]))
    #expect(dataset.training.labels == [1, 0, 1])
    #expect(dataset.labelNames == ["a", "b"])
  }

  @Test func readsChosenColumnsInTheirOrder() throws {
    let text = "a,b,c,d\n1,2,x,4\n5,6,y,8\n"
    let dataset = try load(text, DataOptions(columns: ["d", "a"]))
    #expect(dataset.training.elements == .doubles([4, 1, 8, 5]))
    #expect(dataset.training.labels == nil)
    #expect(dataset.labelNames == nil)
  }

  @Test func numbersColumnsWhereThereIsNoHeader() throws {
    let options = DataOptions(header: false, separator: ";", columns: ["3", "2"], label: "1")
    let dataset = try load("10;1;2\n9;3;4\n10;5;6", options)
    #expect(dataset.training.elements == .doubles([2, 1, 4, 3, 6, 5]))
    // Whole numbers are sorted as numbers.
    #expect(dataset.labelNames == ["9", "10"])
    #expect(dataset.training.labels == [1, 0, 1])
  }

  @Test func takesQuotesMarksAndLineEndings() throws {
    let text =
      "\u{feff}\"a \"\"b\"\", c\",\"two\nlines\",n\r\n\"1\",\"x\",\"2\"\r\n\r\n3,\"\"\"\",4\r\n"
    let dataset = try load(text, DataOptions(columns: ["a \"b\", c", "n"], label: "two\nlines"))
    #expect(dataset.training.elements == .doubles([1, 2, 3, 4]))
    #expect(dataset.labelNames == ["\"", "x"])
    #expect(dataset.training.labels == [1, 0])
  }

  @Test func takesASecondFileAsTestExamples() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("a,k\n1,x\n2,y\n3,z\n".utf8), to: "a.csv")
    let test = try folder.write(Array("a,k\n4,z\n5,y\n".utf8), to: "b.csv")
    let dataset = try Dataset.load(
      path, directory: nil, options: DataOptions(label: "k", test: test))
    #expect(dataset.test?.elements == .doubles([4, 5]))
    #expect(dataset.test?.labels == [2, 1])
    #expect(dataset.files.map(\.path) == [path, test])

    // A class that only the test examples have comes after the others.
    try folder.write(Array("a,k\n4,w\n5,z\n".utf8), to: "b.csv")
    let more = try Dataset.load(
      path, directory: nil, options: DataOptions(label: "k", test: test))
    #expect(more.labelNames == ["x", "y", "z", "w"])
    #expect(more.test?.labels == [3, 2])
  }

  @Test func validationTakesTheTestExamplesOfAnother() throws {
    let curve = try Dataset.load("curve3d", directory: nil)
    #expect(try curve.matching(curve).examples == curve.test)
    let digits = try Dataset.load("digits", directory: nil)
    let error = thrown { () throws(DatasetError) in _ = try curve.matching(digits) }
    #expect(
      error?.description
        == "digits: expected examples of the training examples' shape, [3], received [28, 28, "
        + "1]; "
        + "prepare both data sets in the same way")
  }

  private struct Case: Sendable {
    let text: String
    var options = DataOptions()
    let message: String
  }

  private static let wrong: [Case] = [
    Case(
      text: "",
      message: ": expected lines of data, received an empty file; check that it is the right file"
    ),
    Case(
      text: "a,b\n",
      message: ": expected lines after the header, received none; check that it is the right file"),
    Case(
      text: "a,b\n1,2\n\n3\n",
      message: ", line 4: expected 2 fields, as in the first line, received 1; quote fields that "
        + "hold the separator, or set data.separator"),
    Case(
      text: "a,b\n1,2\n3,x\n",
      message: ", line 3, column b: expected a number, received x; if it is the column of "
        + "classes, add --label b; else leave it out with --ignore b"),
    Case(
      text: "\"a\n\",b\n1,2\n3,\n",
      message: ", line 4, column b: expected a number, received nothing; correct it, fill missing "
        + "values with --missing mean, leave them out of the loss with --missing mask, or leave the "
        + "column out with --ignore b"),
    Case(
      text: "a\n-1e999\n",
      message:
        ", line 2, column a: expected a finite number, received -1e999; correct it, or leave "
        + "the column out with --ignore a"),
    Case(
      text: "a\n1\n0x10\n",
      message: ", line 3, column a: expected a number, received 0x10; if it is the column of "
        + "classes, add --label a; else leave it out with --ignore a"),
    Case(
      text: "a,b\n1,2\n3,Inf\n", options: DataOptions(missing: .mean),
      message:
        ", line 3, column b: expected a finite number, received Inf; correct it, or leave the "
        + "column out with --ignore b"),
    Case(
      text: "1,2\n3,nan\n", options: DataOptions(header: false),
      message: ", line 2, column 2: expected a number, received nan, a missing value; correct it, "
        + "fill missing values with --missing mean, leave them out of the loss with --missing mask, "
        + "or leave the column out with --ignore 2"),
    Case(
      text: "a,k\n1,x\n2,\n", options: DataOptions(label: "k"),
      message: ", line 3, column k: expected a class, received nothing; fill it in, or leave the "
        + "column out with --ignore k"),
    Case(
      text: "a,b\n,1\nNA,2\n", options: DataOptions(missing: .mask),
      message: ", column a: expected at least one number, received missing values only; leave the "
        + "column out with --ignore a"),
    Case(
      text: "a,b\n,\n,\n",
      message: ": expected at least one line with values, received empty fields only; check that "
        + "it is the right file"),
    Case(
      text: "a,b\n1,\"2\n3,4\n",
      message:
        ", line 2: expected a closing quote, received the end of the file; double the quotes "
        + "within a quoted field"),
    Case(
      text: "a,b\n1,\"2\"x\n",
      message: ", line 2: expected a separator after a closing quote, received other text; double "
        + "the quotes within a quoted field"),
    Case(
      text: "a,b\n1,2\"\n",
      message: ", line 2: expected quotes around whole fields only, received a quote within a "
        + "field; "
        + "double the quotes within a quoted field"),
    Case(
      text: "a,b\n1,2\n", options: DataOptions(columns: ["c"]),
      message:
        ": expected one of the columns a, b in data.columns, received c; check the spelling, "
        + "or set data.header"),
    Case(
      text: "a,b\n1,2\n", options: DataOptions(ignore: ["date"]),
      message:
        ": expected one of the columns a, b in data.ignore, received date; check the spelling, "
        + "or set data.header"),
    Case(
      text: "a,b\n1,2\n", options: DataOptions(label: "b", ignore: ["b"]),
      message:
        ": expected a column that is either the label or ignored, received b, which is both; name "
        + "it in only one of the two options"),
    Case(
      text: "a,b\n1,2\n", options: DataOptions(columns: ["a", "b"], label: "b"),
      message: ": expected a column with one role: feature, label, time or ignored, received "
        + "b, which has two; name it in only one of label, time, columns and ignore"),
    Case(
      text: "a,b,a\n1,2,3\n",
      message:
        ": expected columns with different names, received a, which 2 columns have; rename "
        + "them, or leave them out with --ignore a"),
    Case(
      text: "a,a\n1,2\n", options: DataOptions(label: "a"),
      message:
        ": expected columns with different names, received a, which 2 columns have; rename "
        + "them, or leave them out with --ignore a"),
    Case(
      text: "5.1,3.5,setosa\n4.9,3.0,setosa\n",
      message: ", line 1: expected a header with the column names, received 5.1, 3.5, setosa; say "
        + "with --no-header (data.header: false) that there is none, or with --header that these are "
        + "the names"),
    Case(
      text: "3,4,9,2,1\n1,2,3,4,5\n",
      message:
        ", line 1: expected a header with the column names, received 3, 4, 9, 2 and 1 more; "
        + "say with --no-header (data.header: false) that there is none, or with --header that these "
        + "are the names"),
    Case(
      text: "1,2\n", options: DataOptions(header: false, label: "3"),
      message: ": expected a column number from 1 to 2 in data.label, as there is no header, "
        + "received 3; "
        + "number the columns from 1, or set data.header"),
    Case(
      text: "k\nx\n", options: DataOptions(label: "k"),
      message: ": expected at least one feature column, received none; choose features with "
        + "--columns, or data.columns"),
  ]

  @Test(arguments: wrong) private func saysWhereItIsWrong(_ wrong: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(wrong.text.utf8), to: "a.csv")
    let error = thrown { () throws(DatasetError) in
      _ = try loadTable(at: path, wrong.options, cache: folder)
    }
    #expect(error?.description == path + wrong.message)
  }
}
