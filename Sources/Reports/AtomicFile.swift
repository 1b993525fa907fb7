import Glibc

/// Writes files whole or not at all: whoever opens the path sees the old file or the new one.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and the temporary
/// file takes the path's name; where anything fails it is removed and the old file stays.
package enum AtomicFile {
  package static func write(_ text: String, to path: String) throws(ReportError) {
    try write(Array(text.utf8), to: path)
  }

  package static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    let (descriptor, temporary) = try createTemporary(for: path)
    do throws(ReportError) {
      do throws(ReportError) {
        try fill(descriptor, with: bytes, path: path)
      } catch {
        close(descriptor)
        throw error
      }
      try check(close(descriptor), "close", path: path, byteCount: bytes.count)
      try check(rename(temporary, path), "rename", path: path, byteCount: bytes.count)
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// A new file `.<name>.<process>-<attempt>` beside the target, with the permissions that the
  /// user's mask gives; one left by a process that was killed is passed over.
  private static func createTemporary(
    for path: String
  ) throws(ReportError) -> (descriptor: Int32, path: String) {
    let folder = folder(of: path)
    let name = path.split(separator: "/").last ?? ""
    var attempt = 0
    while true {
      let temporary = "\(folder)/.\(name).\(getpid())-\(attempt)"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      switch errno {
      case EEXIST: attempt += 1
      case ENOENT, ENOTDIR: throw .missingFolder(path: path, folder: folder)
      default: try check(-1, "open", path: path, byteCount: 0)
      }
    }
  }

  /// Writes all bytes and flushes them to the disk; `path` is for messages.
  package static func fill(
    _ descriptor: Int32, with bytes: [UInt8], path: String
  ) throws(ReportError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      try check(count < 0 ? -1 : 0, "write", path: path, byteCount: bytes.count)
      written += count
    }
    try check(fsync(descriptor), "fsync", path: path, byteCount: bytes.count)
  }

  /// Makes the new name itself last; a file system that cannot loses no contents by it.
  private static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Turns a C call's -1 into an error, a full disk or quota into one of its own.
  private static func check(
    _ status: Int32, _ call: String, path: String, byteCount: Int
  ) throws(ReportError) {
    guard status == -1 else { return }
    let code = errno
    if code == ENOSPC || code == EDQUOT { throw .diskFull(path: path, byteCount: byteCount) }
    throw .unwritable(
      path: path, call: call, reason: String(cString: strerror(code)).lowercased())
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
