import Glibc

/// Tests for paths, and the contents of whole files.
enum InputFile {
  /// The contents of a regular file and the hash of those same bytes, in one pass.
  static func read(_ path: String) throws(DatasetError) -> (bytes: [UInt8], file: DatasetFile) {
    var reader = try FileReader(path)
    let bytes = try reader.read(reader.byteCount)
    return (bytes, try reader.finish())
  }

  static func isFolder(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether something other than a folder exists at `path`.
  static func exists(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT != S_IFDIR } ?? false
  }

  /// The last name in a path: `mine` for `data/mine/`.
  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// `csv` for `data/iris.CSV`; empty if the last name has no extension.
  static func fileExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The names in a folder that do not begin with a dot, sorted by their bytes, and the number of
  /// names that are not UTF-8, which cannot be used.
  static func names(
    inFolder path: String
  ) throws(DatasetError) -> (names: [String], undecodable: Int) {
    guard let folder = opendir(path) else {
      throw .unreadable(path: path, reason: reason(errno))
    }
    defer { closedir(folder) }
    var names: [String] = []
    var undecodable = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let name else {
        undecodable += 1
        continue
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return (
      names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }, undecodable
    )
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
  }
}
