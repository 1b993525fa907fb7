import Glibc

/// The numbers of a CSV file in a folder of the program's cache, from where they are read while
/// training. The folder's name follows from the contents of the file and how they are read.
struct TableCache {
  private let csv: CSVFile
  private let options: DataOptions
  private let file: DatasetFile
  private let encoding: CSVEncoding
  /// All folders of this kind.
  private let parent: String
  private let key: String
  private var folder: CachedTable { CachedTable(path: "\(parent)/\(key)") }

  /// How a table is read from the cache.
  struct Use {
    let path: String
    let byteCount: Int
    /// Whether it was not there before.
    let isNew: Bool
  }

  /// Reads the file once.
  init(_ path: String, _ options: DataOptions) throws(DatasetError) {
    guard let cache = options.cacheFolder else {
      throw .unexpected(
        place: path,
        expected: "a cache folder for the numbers of a table that does not fit into memory",
        received: "none", advice: "set AEGPU_CACHE_DIR, or allow more memory")
    }
    csv = CSVFile(path: path)
    self.options = options
    (file, encoding) = try CSVContents.scan(path, rowLimit: options.rowLimit)
    parent = "\(cache)/tables"
    key = try Self.key(file, options)
  }

  private static func key(
    _ file: DatasetFile, _ options: DataOptions
  ) throws(DatasetError) -> String {
    func list(_ names: [String]?) -> String {
      names.map { $0.map(JSON.quoted).joined(separator: ",") } ?? "all"
    }
    var texts = ["aegpu table 1", file.sha256]
    texts.append(options.header.map { "\($0)" } ?? "names")
    texts.append(options.separator.map { "\($0)" } ?? "any")
    texts.append(options.decimal.map { "\($0)" } ?? "any")
    let columns: [[String]?] = [
      options.columns, options.label.map { [$0] }, options.ignore, options.time.map { [$0] },
      options.expecting,
    ]
    texts += columns.map(list)
    texts.append(options.missing?.rawValue ?? "none")
    texts.append(options.rowLimit.map { "\($0)" } ?? "all")
    var hash = try SHA256()
    Array(texts.joined(separator: "\n").utf8).withUnsafeBytes { hash.update($0) }
    return String(hash.finish().prefix(32))
  }

  /// The table, whose numbers are written if they are not there, or damaged.
  func dataset() throws(DatasetError) -> (dataset: Dataset, use: Use) {
    if let found = folder.read() { return dataset(found, isNew: false) }
    try OutputFolder.create(parent, advice: CacheFile.advice)
    removeLeftovers()
    // Another process that writes the same is waited for.
    return try FileLock.hold("\(parent)/\(key).lock") { () throws(DatasetError) in
      if let found = folder.read() { return dataset(found, isNew: false) }
      return dataset(try written(), isNew: true)
    }!
  }

  private func dataset(
    _ found: CachedTable.Found, isNew: Bool
  ) -> (dataset: Dataset, use: Use) {
    (
      found.content.dataset(path: csv.path, file: file, .stored(found.rows)),
      Use(path: folder.path, byteCount: found.rows.storedByteCount, isNew: isNew)
    )
  }

  /// Writes the numbers into another folder, which gets its name when it is complete.
  private func written() throws(DatasetError) -> CachedTable.Found {
    let part = CachedTable(path: "\(parent)/\(key)\(Self.partEnding)")
    part.remove()
    do throws(DatasetError) {
      try part.create()
      let numbers = try CachedTable.Numbers(part)
      let parts = try CSVParts(csv.path, encoding)
      let text = try parts.next(after: 0, line: 1) ?? []
      let dialect = try CSVDialect(text, options, path: csv.path)
      let content = try csv.read(
        CSV(text, dialect, path: csv.path, parts: parts), options, note: encoding.note,
        most: Self.numbersAtOnce, take: numbers.append)
      try parts.expect(file)
      try part.complete(numbers, content)
      folder.remove()
      try part.rename(to: folder)
    } catch {
      part.remove()
      throw error
    }
    guard let found = folder.read() else {
      folder.remove()
      throw .unexpected(
        place: folder.path, expected: "the numbers that were written",
        received: "others, or none", advice: CacheFile.advice)
    }
    return found
  }

  private static let partEnding = ".part"
  private static let numbersAtOnce = 1 << 17

  /// Removes what processes have left that ended too early.
  private func removeLeftovers() {
    let names = (try? InputFile.names(inFolder: parent).names) ?? []
    for name in names where name.hasSuffix(Self.partEnding) {
      let key = name.dropLast(Self.partEnding.count)
      // Another user's cannot be removed.
      _ = try? FileLock.hold("\(parent)/\(key).lock", waits: false) {
        CachedTable(path: "\(parent)/\(name)").remove()
      }
    }
  }
}

extension TableCache.Use {
  /// What the user should know.
  /// - Parameter files: how many files are read so; `nil`: this one alone.
  static func note(_ uses: [TableCache.Use], of files: Int?) -> String {
    let size = AvailableMemory.text(uses.map(\.byteCount).reduce(0, +))
    let path = uses[0].path
    let parent = String(path.dropLast(InputFile.lastComponent(path).count + 1))
    let what =
      files.map { "the numbers of \($0) \($0 == 1 ? "file" : "files") (\(size))" }
      ?? "its numbers (\(size))"
    let place = files == nil ? path : "folders of \(parent)"
    guard uses.contains(where: \.isNew) else {
      return "\(what) are read from \(place), where an earlier run wrote them; it can be deleted"
    }
    return
      "\(what) were written to \(place), and are read from there, as in later runs; it can be deleted"
  }
}

extension Dataset {
  /// The same with one more note.
  func noting(_ note: String) -> Dataset {
    Dataset(
      name: name, training: training, test: test, files: files, labelNames: labelNames,
      featureNames: featureNames, details: details, notes: notes + [note], stretches: stretches)
  }
}
