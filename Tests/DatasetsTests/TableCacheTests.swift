import Datasets
import Dispatch
import Foundation
import Synchronization
import TestFolders
import Testing

/// Tables whose numbers are in the program's cache, as they would not fit into memory.
@Suite struct TableCacheTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func options(_ options: DataOptions = DataOptions()) -> DataOptions {
    var options = options
    (options.streaming, options.cacheFolder) = (0, "\(folder.path)/cache")
    return options
  }

  private func write(_ text: String, to name: String = "a.csv") throws -> String {
    try folder.write(Array(text.utf8), to: name)
  }

  /// The cache's folders of tables.
  private func tables() throws -> [String] {
    try folder.contents("cache/tables").filter { !$0.hasSuffix(".lock") }
  }

  private func isNew(_ dataset: Dataset) -> Bool {
    dataset.notes.contains { $0.contains("were written to \(folder.path)/cache/tables/") }
  }

  private static let text =
    "a,b,k\n" + (0..<50).map { "\($0 * $0),\($0 % 7 == 0 ? "" : "0.\($0)"),c\($0 % 3)\n" }.joined()
  private static let reading = DataOptions(label: "k", missing: .mask)

  @Test func readsAgainWhatIsThere() throws {
    let path = try write(Self.text)
    let first = try Dataset.load(path, directory: nil, options: options(Self.reading))
    #expect(isNew(first))
    #expect(try tables().count == 1)
    // Another name of the same contents.
    let other = try write(Self.text, to: "b.csv")
    let second = try Dataset.load(other, directory: nil, options: options(Self.reading))
    #expect(!isNew(second))
    #expect(second.notes.contains { $0.contains("where an earlier run wrote them") })
    #expect(second.name == "b.csv")
    #expect(second.training.labels == first.training.labels)
    #expect(try values(second) == values(first))

    // Other contents, or read in another way.
    var less = options(Self.reading)
    less.rowLimit = 10
    #expect(isNew(try Dataset.load(path, directory: nil, options: less)))
    var ignoring = options(Self.reading)
    ignoring.ignore = ["a"]
    #expect(isNew(try Dataset.load(path, directory: nil, options: ignoring)))
    let changed = try write(Self.text.replacing("2401", with: "2402"))
    #expect(isNew(try Dataset.load(changed, directory: nil, options: options(Self.reading))))
    #expect(try tables().count == 4)
  }

  /// Whatever changes the numbers has a folder of its own.
  @Test func everyOptionCounts() throws {
    let path = try write("1;2;3\n4;5;6\n7;8;9\n")
    func reading(
      decimal: Character? = nil, columns: [String]? = nil, label: String? = nil,
      ignore: [String] = [], missing: DataOptions.Missing? = nil, time: String? = nil
    ) -> DataOptions {
      DataOptions(
        header: false, separator: ";", decimal: decimal, columns: columns, label: label,
        ignore: ignore, missing: missing, time: time)
    }
    var limited = reading()
    limited.rowLimit = 2
    let all = [
      DataOptions(header: true), DataOptions(header: false), reading(), reading(decimal: "."),
      reading(decimal: ","), reading(columns: ["1", "3"]), reading(columns: ["3", "1"]),
      reading(label: "2"), reading(ignore: ["2"]), reading(ignore: ["3"]), reading(time: "3"),
      reading(missing: .mean), reading(missing: .mask), limited,
    ]
    for (index, own) in all.enumerated() {
      #expect(isNew(try Dataset.load(path, directory: nil, options: options(own))), "\(index)")
      #expect(try tables().count == index + 1)
      #expect(!isNew(try Dataset.load(path, directory: nil, options: options(own))), "\(index)")
    }
  }

  /// Another file takes its place after its first reading.
  @Test func noticesThatTheFileChanges() throws {
    let path = try write(Self.text)
    let replaced = Self.text.replacing("2401", with: "2402")
    let isDone = Mutex(false)
    LongReading.watch.withLock {
      $0 = { reading in
        guard reading.path == path, reading.byteCount == reading.totalByteCount else { return }
        isDone.withLock { isDone in
          if !isDone { try? Data(replaced.utf8).write(to: URL(fileURLWithPath: path)) }
          isDone = true
        }
      }
    }
    defer { LongReading.watch.withLock { $0 = nil } }
    let error = #expect(throws: DatasetError.self) {
      try Dataset.load(path, directory: nil, options: options(Self.reading))
    }
    #expect(error?.description.contains("a file that stays the same while it is read") == true)
    #expect(try tables().isEmpty)
  }

  private func values(_ dataset: Dataset) throws -> [UInt64] {
    guard case .doubles(let values) = try dataset.training.loaded().elements else { return [] }
    return values.map(\.bitPattern)
  }

  @Test(arguments: ["numbers.npy", "labels.npy", "table.json", "table.sha256"], [true, false])
  func writesAgainWhatIsDamaged(name: String, isCut: Bool) throws {
    let path = try write(Self.text)
    let first = try Dataset.load(path, directory: nil, options: options(Self.reading))
    let expected = try values(first)
    let file = try "\(folder.path)/cache/tables/\(#require(tables().first))/\(name)"
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    if isCut { bytes.removeLast(8) } else { bytes[bytes.count / 2] ^= 1 }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let again = try Dataset.load(path, directory: nil, options: options(Self.reading))
    #expect(isNew(again))
    #expect(try values(again) == expected)
    #expect(again.training.labels == first.training.labels)
    #expect(!isNew(try Dataset.load(path, directory: nil, options: options(Self.reading))))
  }

  @Test func removesWhatWasNotCompleted() throws {
    let path = try write(Self.text)
    _ = try Dataset.load(path, directory: nil, options: options(Self.reading))
    let name = try #require(tables().first)
    let tables = "\(folder.path)/cache/tables"
    try FileManager.default.moveItem(
      atPath: "\(tables)/\(name)", toPath: "\(tables)/\(name).part")
    try folder.write([1, 2, 3], to: "cache/tables/other.part/numbers.npy")
    #expect(isNew(try Dataset.load(path, directory: nil, options: options(Self.reading))))
    #expect(try self.tables() == [name])
  }

  /// One writes, the others wait.
  @Test func isWrittenOnce() throws {
    // Long enough that all begin before one is done.
    let path = try write("a,b,k\n" + String(repeating: "1,2.5,x\n3,,y\n", count: 100_000))
    let options = options(Self.reading)
    let found = Mutex<[Dataset?]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let dataset = try? Dataset.load(path, directory: nil, options: options)
      found.withLock { $0.append(dataset) }
    }
    let datasets = found.withLock { $0.compactMap(\.self) }
    #expect(datasets.count == 4)
    #expect(datasets.count(where: isNew) == 1)
    #expect(try Set(datasets.map(values)).count == 1)
  }

  /// The text is read in parts of 1 MiB, which end anywhere.
  @Test func partsMayEndAnywhere() throws {
    let row = "1.5,\"x\"\"y\r\n,ü\",-3e1\r\n"
    let count = row.utf8.count
    for place in 0...count {
      let before = "a,k,b\r\n"
      let filler = "2,\"\(String(repeating: "z", count: 40))\",4\n"
      let room = (1 << 20) - place - before.utf8.count
      let rows = room / filler.utf8.count - 1
      let rest = room - rows * filler.utf8.count
      let text =
        before + String(repeating: filler, count: rows)
        + "3,\(String(repeating: "y", count: rest - 5)),5\n" + row + filler
      let dataset = try loadTable(
        at: write(text), DataOptions(label: "k"), cache: folder)
      #expect(dataset.training.count == rows + 3)
      #expect(dataset.labelNames?.contains("x\"y\r\n,ü") == true)
    }
    // Bytes of Windows-1252, an error after the end, and a line that never ends.
    let long = String(repeating: "1,2,3\n", count: 200_000)
    let latin = Array("a,b,gr".utf8) + [0xf6, 0xdf, 0x65, 0x0a] + Array(long.utf8)
    #expect(
      try loadTable(at: folder.write(latin, to: "l.csv"), cache: folder).featureNames?.last
        == "größe")
    for end in ["1,2\n", "1,x,3\n", "1,\"2,3\n", "1,2\"2\",3\n", "1,2,3\u{0}\n"] {
      let path = try write("a,b,c\n" + long + end + long)
      #expect(throws: DatasetError.self) { try loadTable(at: path, cache: folder) }
    }
  }

  @Test func readsSeveralFiles() throws {
    _ = try write("a,b,k\n1,2,x\n3,,y\n", to: "logs/a.csv")
    _ = try write("b,a,k,c\n4,5,z,0\n", to: "logs/b.csv")
    var options = DataOptions(label: "k", missing: .mean)
    let all = try loadTable(at: folder.path + "/logs", options, cache: folder)
    #expect(all.training.count == 3)
    #expect(try tables().count == 2)
    options = self.options(options)
    let again = try Dataset.load(folder.path + "/logs/*.csv", directory: nil, options: options)
    #expect(
      again.notes.last?.hasPrefix("the numbers of 2 files (0 MB) are read from folders of ") == true
    )
    options.rowLimit = 1
    #expect(
      try Dataset.load(folder.path + "/logs/*.csv", directory: nil, options: options).training
        .count == 1)
    _ = try write("a,b\n1,2\n", to: "logs/c.csv")
    #expect(throws: DatasetError.self) {
      try loadTable(at: folder.path + "/logs", DataOptions(label: "k"), cache: folder)
    }
  }

  @Test func refusesWithoutACacheFolder() throws {
    let path = try write(Self.text)
    var options = options(Self.reading)
    options.cacheFolder = nil
    #expect {
      try Dataset.load(path, directory: nil, options: options)
    } throws: {
      "\($0)".contains("expected a cache folder") && "\($0)".contains("AEGPU_CACHE_DIR")
    }
    options.cacheFolder = "/proc/none"
    #expect {
      try Dataset.load(path, directory: nil, options: options)
    } throws: {
      "\($0)".contains("free some disk space, or name another cache folder")
    }
    let wide = try folder.write(
      [0xff, 0xfe] + "a\n1\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] },
      to: "wide.csv")
    #expect {
      try Dataset.load(wide, directory: nil, options: self.options())
    } throws: {
      "\($0)".contains(
        "expected text in UTF-8 in a table that does not fit into memory, received UTF-16")
    }
  }
}
