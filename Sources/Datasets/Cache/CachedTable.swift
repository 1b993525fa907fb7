import Glibc

/// A folder with the numbers of a table: `numbers.npy`, float64 in C order; `labels.npy`, int32, if
/// there are classes; `table.json` with all else, and the SHA-256 of the two; and `table.sha256`, that of
/// `table.json`.
struct CachedTable {
  let path: String
  private var numbersPath: String { "\(path)/numbers.npy" }
  private var labelsPath: String { "\(path)/labels.npy" }
  private var contentPath: String { "\(path)/table.json" }
  private var hashPath: String { "\(path)/table.sha256" }

  struct Found {
    let content: CSVContent
    let rows: StoredRows
  }

  /// Collects the numbers of a new table.
  final class Numbers {
    fileprivate let file: CacheFile

    init(_ table: CachedTable) throws(DatasetError) {
      file = try CacheFile(table.numbersPath)
      try file.append(CacheFile.npyHeader("<f8", [0, 0]))
    }

    func append(_ values: [Double]) throws(DatasetError) { try file.append(values) }

    /// Writes the shape, which is known last.
    fileprivate func finish(_ shape: [Int]) throws(DatasetError) {
      try file.write(CacheFile.npyHeader("<f8", shape), at: 0)
    }
  }

  func create() throws(DatasetError) {
    guard mkdir(path, 0o777) == 0 else { throw CacheFile.failure(path, errno) }
  }

  /// Removes the folder, if it is there.
  func remove() {
    for name in (try? InputFile.names(inFolder: path).names) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  func rename(to other: CachedTable) throws(DatasetError) {
    guard Glibc.rename(path, other.path) == 0 else { throw CacheFile.failure(other.path, errno) }
  }

  /// Writes all but the numbers.
  func complete(_ numbers: Numbers, _ content: CSVContent) throws(DatasetError) {
    try numbers.finish([content.count, content.columnCount])
    var labelsHash: String?
    if let labels = content.labels {
      let file = try CacheFile(labelsPath)
      try file.append(CacheFile.npyHeader("<i4", [labels.count]))
      try file.append(labels)
      labelsHash = try SHA256.hash(ofFile: labelsPath)
    }
    let text = content.json(
      numbersHash: try SHA256.hash(ofFile: numbersPath), labelsHash: labelsHash)
    try CacheFile(contentPath).append(Array(text.utf8))
    try CacheFile(hashPath).append(Array(SHA256.hash(ofFile: contentPath).utf8))
  }

  /// The table; `nil` if it is not there, or not as it was written.
  func read() -> Found? {
    guard let text = try? InputFile.read(contentPath),
      let hash = try? InputFile.read(hashPath).bytes, hash == Array(text.file.sha256.utf8),
      let json = try? JSON(parsing: text.bytes[...]),
      let array = try? StoredArray(npy: numbersPath), array.element == .float64,
      array.shape.count == 2
    else { return nil }
    var range = StoredRange(.float64, mayMiss: true)
    guard let numbers = try? array.examine(&range), numbers.file.sha256 == json["numbers"]?.text
    else { return nil }
    var labels: [Int32]?
    if let hash = json["labels"]?.text {
      guard let read = try? InputFile.read(labelsPath), read.file.sha256 == hash else { return nil }
      labels = read.bytes.dropFirst(CacheFile.npyHeaderByteCount).withUnsafeBytes {
        Array($0.bindMemory(to: Int32.self))
      }
    }
    guard let content = CSVContent(json, shape: array.shape, labels: labels) else { return nil }
    return Found(
      content: content, rows: StoredRows([numbers.rows], rowSize: array.rowSize, range))
  }
}

extension CSVContent {
  fileprivate init?(_ json: JSON, shape: [Int], labels: [Int32]?) {
    guard let details = json["details"]?.texts, let notes = json["notes"]?.texts,
      labels.map({ $0.count == shape[0] }) ?? true
    else { return nil }
    self.init(
      count: shape[0], columnCount: shape[1], featureNames: json["names"]?.texts,
      labelNames: json["classes"]?.texts, labels: labels, details: details, notes: notes,
      stretches: [SeriesStretch(start: 0)])
  }

  fileprivate func json(numbersHash: String, labelsHash: String?) -> String {
    func list(_ texts: [String]?) -> String {
      texts.map { "[" + $0.map(JSON.quoted).joined(separator: ", ") + "]" } ?? "null"
    }
    return """
      {
        "numbers": \(JSON.quoted(numbersHash)),
        "labels": \(labelsHash.map(JSON.quoted) ?? "null"),
        "names": \(list(featureNames)),
        "classes": \(list(labelNames)),
        "details": \(list(details)),
        "notes": \(list(notes))
      }

      """
  }
}

extension JSON {
  fileprivate var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// `nil` for anything but a list of texts.
  fileprivate var texts: [String]? {
    guard case .array(let elements) = self else { return nil }
    let texts = elements.compactMap(\.text)
    return texts.count == elements.count ? texts : nil
  }
}
