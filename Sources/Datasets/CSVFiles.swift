/// Several CSV files as one data set: the rows of all files, one file after the other. Each file is
/// at least one separate stretch of a series. The columns are those of the first file, matched by
/// name.
struct CSVFiles: Sendable {
  private let name: String
  private let paths: [String]
  /// What the folder contains that is not read.
  private let notes: [String]

  /// A folder of CSV files without images and subfolders, or a pattern such as `logs/*.csv`; nil
  /// for anything else. Files are sorted by the bytes of their names.
  ///
  /// Throws if a pattern matches no file, or a file that is not a CSV file.
  init?(_ name: String) throws(DatasetError) {
    if InputFile.isFolder(name) {
      let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
      let all = try InputFile.names(inFolder: folder).names
      let tables = all.filter(Self.isTable)
      let hasOthers = all.contains {
        InputFile.isFolder("\(folder)/\($0)") || ImageFormat.isImage($0)
      }
      guard !tables.isEmpty, !hasOthers else { return nil }
      self.name = InputFile.lastComponent(folder)
      paths = tables.map { "\(folder)/\($0)" }
      let others = all.count - tables.count
      notes =
        others == 0
        ? [] : ["skipped \(others) \(others == 1 ? "file that is" : "files that are") not CSV"]
    } else if name.contains(where: { "*?[".contains($0) }), !InputFile.exists(name) {
      let found = FilePattern.matches(name)
      guard !found.isEmpty, found.allSatisfy(Self.isTable) else {
        throw .unexpected(
          place: name, expected: "a pattern that matches only .csv or .tsv files",
          received: found.first { !Self.isTable($0) } ?? "one that matches no file",
          advice: "correct the pattern")
      }
      self.name = name
      paths = found
      notes = []
    } else {
      return nil
    }
  }

  private static func isTable(_ path: String) -> Bool {
    ["csv", "tsv"].contains(InputFile.fileExtension(path))
  }

  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    var parts: [Dataset] = []
    var uses: [TableCache.Use] = []
    let staysInFiles = try staysInFiles(options)
    var rowsLeft = options.rowLimit
    for path in paths {
      guard rowsLeft ?? 1 > 0 else { break }
      var own = options
      if let first = parts.first, own.expecting == nil {
        own = own.expecting(first.featureNames)
      }
      own.rowLimit = rowsLeft
      let part: Dataset
      if staysInFiles {
        let found = try TableCache(path, own).dataset()
        part = found.dataset
        uses.append(found.use)
      } else {
        part = try CSVFile(path: path).loaded(own)
      }
      if let first = parts.first { try expectAlike(part, path, first) }
      rowsLeft? -= part.training.count
      parts.append(part)
    }
    let joined = joined(parts, options)
    return uses.isEmpty
      ? joined : joined.noting(TableCache.Use.note(uses, of: uses.count))
  }

  /// Whether the tables together would need too much memory.
  private func staysInFiles(_ options: DataOptions) throws(DatasetError) -> Bool {
    guard let limit = options.streaming, options.window == nil else { return false }
    var size: TableSize?
    for path in paths {
      let own = try TableSize(path, options)
      size = size.map { $0 + own } ?? own
    }
    return size!.exceeds(limit)
  }

  /// Throws if a file has other columns than the first, or if only one of them has labels.
  private func expectAlike(
    _ part: Dataset, _ path: String, _ first: Dataset
  ) throws(DatasetError) {
    guard part.training.shape == first.training.shape else {
      throw .unexpected(
        place: path, expected: "\(first.training.shape[0]) feature columns, as in \(paths[0])",
        received: "\(part.training.shape[0])", advice: "prepare all files in the same way")
    }
    guard (part.labelNames == nil) == (first.labelNames == nil) else {
      throw .unexpected(
        place: path,
        expected: "\(first.labelNames == nil ? "no labels" : "labels"), as in \(paths[0])",
        received: first.labelNames == nil ? "labels" : "none",
        advice: "prepare all files in the same way")
    }
  }

  private func joined(_ parts: [Dataset], _ options: DataOptions) -> Dataset {
    let names = parts[0].labelNames.map { _ in ClassNames(parts.flatMap { $0.labelNames! }) }
    var (labels, count): ([Int32], Int) = ([], 0)
    var stretches: [SeriesStretch] = []
    var notes = notes
    for part in parts {
      stretches += part.stretches.map {
        SeriesStretch(start: count + $0.start, file: part.name, fileRow: $0.start)
      }
      if let names, let classes = part.labelNames {
        labels += part.training.labels!.map { names.label(classes[Int($0)]) }
      }
      count += part.training.count
      notes += part.notes.map { "\(part.name): \($0)" }
    }
    let details = parts[0].details.map { detail in
      guard let names, let label = options.label, detail.hasPrefix("label: ") else {
        return detail
      }
      return CSVTable.detail(label: label.printable(), classes: names.names.count)
    }
    return Dataset(
      name: name,
      training: Examples(
        count: count, shape: parts[0].training.shape, elements: elements(of: parts),
        labels: names.map { _ in labels }), test: nil, files: parts.flatMap(\.files),
      labelNames: names?.names, featureNames: parts[0].featureNames,
      details: ["\(parts.count) \(parts.count == 1 ? "file" : "files")"] + details, notes: notes,
      stretches: stretches)
  }

  private func elements(of parts: [Dataset]) -> Examples.Elements {
    var (values, stored): ([Double], [StoredRows]) = ([], [])
    for part in parts {
      switch part.training.elements {
      case .doubles(let own): values += own
      case .stored(let rows): stored.append(rows)
      case .bytes, .floats: preconditionFailure("a table holds doubles")
      }
    }
    return stored.isEmpty ? .doubles(values) : .stored(.joined(stored))
  }
}
