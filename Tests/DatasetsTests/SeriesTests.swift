import Datasets
import TestFolders
import Testing

/// Windows of series: which rows they have, where they end, and how they are cut in time.
@Suite struct SeriesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ text: String, _ options: DataOptions) throws -> Dataset {
    try folder.write(Array(text.utf8), to: "series.csv")
    return try Dataset.load(folder.path + "/series.csv", directory: nil, options: options)
  }

  /// The rows of window `index`.
  private func values(_ examples: Examples, _ index: Int) throws -> [Double] {
    let windows = try #require(examples.windows)
    guard case .doubles(let values) = examples.elements else { return [] }
    let rows = windows.rows(index)
    return Array(values[rows.lowerBound * examples.rowSize..<rows.upperBound * examples.rowSize])
  }

  @Test func windowsShareTheRows() throws {
    let rows = (0..<7).map { "\($0),\(10 * $0)\n" }.joined()
    let data = try load("a,b\n" + rows, DataOptions(window: 3, stride: 2)).training
    #expect(data.count == 3)
    #expect(data.shape == [3, 2])
    #expect(data.elements.count == 14)
    #expect(data.windows?.starts == [0, 2, 4])
    #expect(try values(data, 1) == [2, 20, 3, 30, 4, 40])
    let copied = data.windowed((0..<14).map(\.self))
    #expect(copied.count == 18 && copied[6..<12] == [4, 5, 6, 7, 8, 9])
    // The rows of the first two windows, and no others.
    let first = data.prefix(2)
    #expect(first.count == 2 && first.rowCount == 5)
    let last = data[2..<3]
    #expect(last.windows?.starts == [0])
    #expect(try values(last, 0) == [4, 40, 5, 50, 6, 60])
  }

  @Test func scalesEachColumnOverTheRows() throws {
    let rows = (0..<6).map { "\($0),7\n" }.joined()
    let data = try load("a,b\n" + rows, DataOptions(window: 3)).training
    let scaling = FeatureScaling(data, byteScale: 1, shift: true, factor: true)
    #expect(scaling.shift == [2.5, 7])
    #expect(abs(scaling.factor[0] - 1 / (17.5 / 6).squareRoot()) < 1e-12 && scaling.factor[1] == 1)
    let scaled = try scaling.scaled(data, name: "x")
    #expect(scaled.windows == data.windows && scaled.elements.count == 12)
    #expect(scaling.apply(to: data).count == 4 * 6)
    let restored = scaling.restored(Array(scaling.apply(to: data).suffix(6)))
    #expect(zip(restored, [3, 7, 4, 7, 5, 7]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: [
    ["0", "10", "20", "30", "100", "110", "120", "130"],
    [
      "2024-02-28 23:40", "2024-02-28 23:50", "2024-02-29 00:00", "2024-02-29T00:10Z",
      "2024-03-01", "01.03.2024 00:10:00", "2024/03/01 02:20+02:00", "2024-03-01 00:30:00.000",
    ],
  ]) func noWindowGoesAcrossAGap(_ times: [String]) throws {
    let rows = times.enumerated().map { "\($1),\($0 * 3 % 7)\n" }.joined()
    let data = try load("t,a\n" + rows, DataOptions(window: 3, time: "t"))
    #expect(data.featureNames == ["a"])
    #expect(data.training.windows?.starts == [0, 1, 4, 5])
    #expect(data.notes.count == 1)
    #expect(data.notes[0].hasPrefix("1 gap in time (usual step "))
    // Without the column of times nobody knows.
    let unknown = try load("t,a\n" + rows, DataOptions(ignore: ["t"], window: 3))
    #expect(unknown.training.windows?.starts == [0, 1, 2, 3, 4, 5])
  }

  @Test func stretchesThatAreTooShortAreTold() throws {
    let data = try load(
      "t,a\n1,0\n2,0\n3,0\n9,0\n10,0\n20,0\n21,0\n22,0\n", DataOptions(window: 3, time: "t"))
    #expect(data.training.windows?.starts == [0, 5])
    #expect(
      data.notes == [
        "2 gaps in time (usual step 1): no window crosses them",
        "left out 2 rows in 1 of 3 stretches, which are shorter than a window",
      ])
  }

  @Test func refusesWhatIsNoSeries() throws {
    #expect(throws: DatasetError.self) {
      try load("a\n1\n2\n", DataOptions(window: 3))
    }
    do {
      _ = try load("a\n1\n2\n", DataOptions(window: 3))
    } catch {
      #expect(
        "\(error)"
          == "series.csv: expected a series of at least 3 rows, the length of a window, received "
          + "2 rows; "
          + "choose a smaller window")
    }
    do {
      _ = try load("t,a\nmonday,1\n", DataOptions(window: 1, time: "t"))
      Issue.record("no error")
    } catch {
      #expect(
        "\(error)".hasSuffix(
          "series.csv, line 2, column t: expected a number or a date such as 2024-03-31 12:05:00, "
            + "received monday; write times in this form, or leave out --time and name the column "
            + "with --ignore"
        ))
    }
  }

  /// Several series in one array: their ends are ends.
  @Test func arraysOfSeriesEnd() throws {
    try folder.write(
      npy("<f4", "(3, 4, 2)", littleEndian((0..<24).map(Float.init))), to: "series.npy")
    let options = DataOptions(window: 3)
    let several = try Dataset.load(folder.path + "/series.npy", directory: nil, options: options)
    #expect(several.training.windows?.starts == [0, 1, 4, 5, 8, 9])
    #expect(several.training.windows?.stretches.map(\.start) == [0, 4, 8])
    #expect(several.training.shape == [3, 2])
    try folder.write(npy("<f4", "(5,)", littleEndian((0..<5).map(Float.init))), to: "one.npy")
    let one = try Dataset.load(folder.path + "/one.npy", directory: nil, options: options)
    #expect(one.training.windows?.starts == [0, 1, 2])
    #expect(one.training.shape == [3, 1])
  }

  @Test func validationSharesNoRow() throws {
    let rows = (0..<20).map { "\($0)\n" }.joined()
    let data = try load("a\n" + rows, DataOptions(window: 3)).training
    let (training, validation) = try data.split(last: 0.25)
    #expect(training.count == 13 && training.rowCount == 15)
    #expect(validation.count == 3 && validation.rowCount == 5)
    #expect(try values(training, 12) == [12, 13, 14])
    #expect(try values(validation, 0) == [15, 16, 17])
    #expect(throws: DatasetError.self) { try data.split(last: 0.1) }
    let error = #expect(throws: DatasetError.self) { try data.heldOut(fraction: 0.2, seed: 1) }
    #expect("\(error!)".contains("use --validation last:0.2"))
  }

  @Test func labelsBelongToRows() throws {
    let data = try load(
      "a,state\n1,ok\n2,ok\n3,bad\n4,ok\n", DataOptions(label: "state", window: 2))
    #expect(data.training.labels == nil)
    #expect(data.training.windows?.rowLabels?.count == 4)
    #expect(
      data.training[2..<3].windows?.rowLabels == Array(data.training.windows!.rowLabels![2...]))
  }

  /// Mean and deviation that the example publishes.
  @Test func dailyIsTheExamplesSeries() throws {
    let data = try Dataset.load("daily", directory: nil)
    #expect(data.training.count == 4032 && data.test?.count == 4032)
    let scaling = FeatureScaling(data.training, byteScale: 1, shift: true, factor: true)
    #expect(abs(scaling.shift[0] - 42.438) < 0.1)
    #expect(abs(1 / scaling.factor[0] - 28.077) < 0.1)
    let labels = try #require(data.test?.labels)
    #expect(labels.count { $0 == 1 } == 108)
    #expect(labels.firstIndex(of: 1) == 12 * (24 * 10 + 9))
    let windows = try Dataset.load("daily", directory: nil, options: DataOptions(window: 288))
    #expect(windows.training.count == 3745 && windows.test?.count == 3745)
    #expect(try Dataset.load("daily", directory: nil) == data)
  }

  // MARK: Several files

  /// Three files: the second has its columns in another order and a gap, the third other classes.
  private func writeFiles() throws {
    try folder.write(Array("t,a,b,s\n0,1,10,x\n1,2,20,x\n2,3,30,y\n".utf8), to: "logs/a.csv")
    try folder.write(
      Array("b,a,t,s\n40,4,0,y\n50,5,1,y\n60,6,9,y\n70,7,10,y\n80,8,11,y\n".utf8),
      to: "logs/b.csv")
    try folder.write(Array("t,a,b,s\n0,9,90,w\n1,0,0,x\n".utf8), to: "logs/c.csv")
  }

  @Test(arguments: ["", "/", "/*.csv"]) func filesAreStretchesOfOneSeries(_ end: String) throws {
    try writeFiles()
    let options = DataOptions(label: "s", window: 2, time: "t")
    let data = try Dataset.load(folder.path + "/logs" + end, directory: nil, options: options)
    let windows = try #require(data.training.windows)
    #expect(windows.starts == [0, 1, 3, 5, 6, 8])
    #expect(try values(data.training, 2) == [4, 40, 5, 50])
    #expect(try values(data.training, 5) == [9, 90, 0, 0])
    #expect(data.featureNames == ["a", "b"] && data.files.count == 3)
    #expect(data.labelNames == ["w", "x", "y"])
    #expect(windows.rowLabels == [1, 1, 2, 2, 2, 2, 2, 2, 0, 1])
    #expect(data.details == ["3 files", "label: s, 3 classes"])
    #expect(
      data.notes == ["b.csv: 1 gap in time (usual step 1): no window crosses it"])
    func place(_ examples: Examples, _ row: Int) -> String {
      let place = examples.windows!.stretches.place(of: row)
      return "\(place.file ?? "") \(place.row)"
    }
    #expect(
      [0, 2, 3, 4, 5, 7, 8].map { place(data.training, $0) }
        == ["a.csv 0", "a.csv 2", "b.csv 0", "b.csv 1", "b.csv 2", "b.csv 4", "c.csv 0"])
    // Cut and repeated rows keep their positions.
    let part = data.training[4..<6]
    #expect(part.rowCount == 4 && part.windows?.stretches.map(\.start) == [0, 2])
    #expect([0, 1, 2, 3].map { place(part, $0) } == ["b.csv 3", "b.csv 4", "c.csv 0", "c.csv 1"])
  }

  /// Without windows the rows of all files are examples.
  @Test func filesAreOneTable() throws {
    try writeFiles()
    let options = DataOptions(label: "s", ignore: ["t"])
    let data = try Dataset.load(folder.path + "/logs", directory: nil, options: options)
    #expect(data.training.count == 10 && data.training.shape == [2])
    #expect(
      data.training.elements
        == .doubles(
          [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70]
            + [8, 80, 9, 90, 0, 0]))
    var limited = options
    limited.rowLimit = 4
    let first = try Dataset.load(folder.path + "/logs", directory: nil, options: limited)
    #expect(first.training.count == 4 && first.files.count == 2)
  }

  @Test func filesThatDoNotFitAreNamed() throws {
    try writeFiles()
    func message(_ name: String, _ options: DataOptions) -> String? {
      #expect(throws: DatasetError.self) {
        try Dataset.load(folder.path + name, directory: nil, options: options)
      }?.description.replacing(folder.path, with: "")
    }
    #expect(
      message("/none*.csv", DataOptions())
        == "/none*.csv: expected a pattern that matches only .csv or .tsv files, received one "
        + "that matches no file; correct the pattern")
    try folder.write([], to: "logs/note.txt")
    #expect(message("/logs/*", DataOptions())?.contains("received /logs/note.txt") == true)
    let options = DataOptions(label: "s", ignore: ["t"])
    #expect(
      try Dataset.load(folder.path + "/logs", directory: nil, options: options).notes
        == ["skipped 1 file that is not CSV"])
    try folder.write(Array("t,a,b\n0,1,10\n".utf8), to: "logs/d.csv")
    #expect(
      message("/logs", options)
        == "/logs/d.csv: expected labels, as in /logs/a.csv, received none; prepare all files in the same way"
    )
    try folder.write(Array("t,a,s\n0,1,x\n".utf8), to: "logs/d.csv")
    #expect(
      message("/logs", options)?.contains("/logs/d.csv: expected the columns of the training data")
        == true)
  }
}
