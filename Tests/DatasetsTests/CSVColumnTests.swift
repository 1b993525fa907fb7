import Datasets
import TestFolders
import Testing

/// Which columns are used, the notes about them, and how later files are matched with them.
@Suite struct CSVColumnTests {
  private func load(_ text: String, _ options: DataOptions = DataOptions()) throws -> Dataset {
    try loadTable(Array(text.utf8), options)
  }

  private func message(_ text: String, _ options: DataOptions) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.utf8), to: "a.csv")
    return thrown { () throws(DatasetError) in
      _ = try loadTable(at: path, options, cache: folder)
    }?.description.replacing(path, with: "a.csv")
  }

  @Test func tellsOfLabelAndIgnored() throws {
    let text = "date,a,b,state\n2024-01-01,1,2,on\n2024-01-02,3,4,off\n"
    let dataset = try load(text, DataOptions(label: "state", ignore: ["date"]))
    #expect(dataset.training.elements == .doubles([1, 2, 3, 4]))
    #expect(dataset.featureNames == ["a", "b"])
    #expect(dataset.details == ["label: state, 2 classes", "ignored: date"])
    #expect(dataset.notes == [])
    let chosen = try load(text, DataOptions(columns: ["b"]))
    #expect(chosen.featureNames == ["b"])
    #expect(chosen.details == ["left out: 3"])
  }

  @Test func tellsOfColumnsThatCountTheRows() throws {
    let rows = (0..<6).map { "\($0),\($0 * $0),\($0 + 1)\n" }.joined()
    #expect(
      try load(",a,n\n" + rows).notes == [
        "1 column has no name, named here column1",
        "column column1 counts the rows and is used as a feature; to leave it out, add --ignore "
          + "column1",
        "column n counts the rows and is used as a feature; to leave it out, add --ignore n",
      ])
    let without = try load(",a,n\n" + rows, DataOptions(ignore: ["column1", "n"]))
    #expect(without.featureNames == ["a"])
    #expect(without.details == ["ignored: column1, n"])
  }

  @Test func takesNumbersThatCountTheColumnsForNames() throws {
    #expect(try load("0,1,2\n5,6,7\n").featureNames == ["0", "1", "2"])
    #expect(try load("1,2\n5,6\n", DataOptions(header: true)).featureNames == ["1", "2"])
    #expect(try load("2019,2020,x\n5,6,7\n").featureNames == ["2019", "2020", "x"])
    #expect(try load("1,2\n5,6\n", DataOptions(header: false)).featureNames == nil)
  }

  @Test func matchesLaterFilesByName() throws {
    let known = DataOptions(label: "k", ignore: ["date"]).expecting(["height", "weight"])
    let same = try load("weight,k,height\n60,x,1.5\n", known)
    #expect(same.training.elements == .doubles([1.5, 60]))
    #expect(same.featureNames == ["height", "weight"])
    #expect(same.labelNames == ["x"])
    #expect(same.notes == [])
    let more = try load("age,weight,date,height,town\n9,60,?,1.5,?\n", known)
    #expect(more.training.elements == .doubles([1.5, 60]))
    #expect(
      more.notes == [
        "there is no column k: read without labels",
        "2 columns that the model was not trained on are ignored: age, town",
      ])
    #expect(more.details == ["ignored: date"])
    #expect(
      try message("weight,age\n60,9\n", known)
        == "a.csv: expected the columns of the training data, which are matched by name, received "
        + "no column height, but other columns: age; use the column names of the training data")
    #expect(
      try message("weight,height,weight\n60,9,1\n", known)
        == "a.csv: expected columns with different names, received weight, which 2 columns have; "
        + "rename them, or leave them out with --ignore weight")
    var plain = known
    plain.header = false
    plain.label = nil
    plain.ignore = []
    #expect(try load("1,2\n", plain).training.elements == .doubles([1, 2]))
    #expect(
      try message("1,2,3\n", plain)
        == "a.csv: expected 2 feature columns, as in the training data, received 3; prepare both "
        + "files in the same way")
  }

  @Test func matchesTestDataByName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("a,b\n1,2\n3,4\n".utf8), to: "a.csv")
    let test = try folder.write(Array("b,c,a\n6,0,5\n".utf8), to: "b.csv")
    let dataset = try Dataset.load(path, directory: nil, options: DataOptions(test: test))
    #expect(dataset.test?.elements == .doubles([5, 6]))
    #expect(
      dataset.notes == ["b.csv: 1 column that the model was not trained on is ignored: c"])
  }

  /// Columns after them are not parsed.
  @Test func readsNoMoreRowsThanAsked() throws {
    var options = DataOptions(label: "k")
    options.rowLimit = 2
    let text = "\na,k\n1,\"x\n\ny\"\n\n2,z\n3,w,4\n\"" + String(repeating: "?", count: 3 << 20)
    let dataset = try load(text, options)
    #expect(dataset.training.elements == .doubles([1, 2]))
    #expect(dataset.labelNames == ["x\n\ny", "z"])
    var utf16: [UInt8] = [0xff, 0xfe]
    for unit in text.utf16 { utf16 += [UInt8(unit & 255), UInt8(unit >> 8)] }
    let folder = try TemporaryFolder()
    let path = try folder.write(utf16, to: "b.csv")
    #expect(
      try Dataset.load(path, directory: nil, options: options).training == dataset.training)
    options.rowLimit = 9
    #expect(throws: DatasetError.self) { try load(text, options) }
    #expect(try load("a,k\n1,x\n2,y\n", options).training.count == 2)
  }

  @Test func keepsMissingValues() throws {
    let words = ["", "NA", "N/A", "nan", "NaN", "null", "None", "?", " na "]
    let text = "a,b\n" + words.map { "1,\($0)\n" }.joined() + "4,5\n"
    for (policy, said) in [
      (DataOptions.Missing.mean, "filled with the training data's mean of the column"),
      (.mask, "left out of the loss"),
    ] {
      let dataset = try load(text, DataOptions(missing: policy))
      guard case .doubles(let values) = dataset.training.elements else {
        Issue.record("no doubles")
        return
      }
      #expect(values.count == 20)
      #expect(values.indices.filter { values[$0].isNaN } == words.indices.map { 2 * $0 + 1 })
      #expect(dataset.training.hasMissing)
      #expect(dataset.notes == ["9 missing values in 1 column \(said)"])
    }
    #expect(try !load("a\n1\n", DataOptions(missing: .mask)).training.hasMissing)
  }
}
