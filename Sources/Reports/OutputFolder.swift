import Glibc

/// A folder for results that are several files.
package struct OutputFolder {
  package let path: String
  /// The folders that were missing, the innermost first.
  private let created: [String]

  /// Creates the folder, with those above it, unless it exists.
  @discardableResult
  package init(_ path: String) throws(ReportError) {
    self.path = path
    var missing: [String] = []
    var next = Substring(path)
    while !next.isEmpty, !Self.isFolder(String(next)) {
      missing.insert(String(next), at: 0)
      next = next.lastIndex(of: "/").map { next[..<$0] } ?? ""
    }
    var created: [String] = []
    for folder in missing {
      if mkdir(folder, 0o777) == 0 {
        created.insert(folder, at: 0)
        continue
      }
      let code = errno
      // Another process may have created it meanwhile; `a/` is `a`.
      if Self.isFolder(folder) { continue }
      created.forEach { rmdir($0) }
      throw .noFolder(path: path, reason: String(cString: strerror(code)).lowercased())
    }
    self.created = created
  }

  /// Writes files to the folder, all of them or none: if one fails, those that were not there before are
  /// removed, and so are the folders that were missing.
  /// - Parameter names: the names of the files that `write` writes.
  package func fill(_ names: [String], by write: () throws -> Void) throws {
    let files: [String] = names.map { "\(path)/\($0)" }
    let new = files.filter { access($0, F_OK) != 0 }
    do {
      try write()
    } catch {
      new.forEach { unlink($0) }
      removeIfEmpty()
      throw error
    }
  }

  /// Writes one file to the folder. If that fails, the folders that were missing are removed, unless
  /// there are files in them.
  package func write(_ bytes: [UInt8], to name: String) throws(ReportError) {
    do throws(ReportError) {
      try AtomicFile.write(bytes, to: "\(path)/\(name)")
    } catch {
      removeIfEmpty()
      throw error
    }
  }

  private func removeIfEmpty() { created.forEach { rmdir($0) } }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
