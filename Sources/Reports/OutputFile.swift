import Glibc

/// A file that is written piece by piece and gets its name when it is complete: readers see the old
/// file or the new one, never a part.
///
/// The bytes go to a temporary file `.<name>.<process>-<attempt>` in the same folder; `finish`
/// flushes it to the disk and renames it. If something fails, or if `finish` is never called, it is
/// removed and the old file stays. Links are followed. Other than regular files (a terminal, a
/// pipe, a device) are written directly, and so is standard output, which `-` names.
package final class OutputFile {
  /// Its name in messages.
  package let path: String
  private let target: Target
  private var descriptor: Int32
  private var pending: [UInt8] = []
  /// Bytes received so far.
  private var byteCount = 0

  private enum Target {
    /// Renamed to the second name when complete.
    case renamed(temporary: String, to: String)
    case opened
    case standardOutput
  }

  private static let blockSize = 1 << 16

  package init(_ path: String) throws(ReportError) {
    if path == "-" {
      (self.path, target, descriptor) = ("standard output", .standardOutput, STDOUT_FILENO)
      return
    }
    self.path = path
    let path = Self.linkTarget(path)
    if Self.isSpecial(path) {
      target = .opened
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      try check(descriptor, "open")
    } else {
      let (descriptor, temporary) = try Self.createTemporary(for: path)
      self.descriptor = descriptor
      target = .renamed(temporary: temporary, to: path)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    switch target {
    case .renamed(let temporary, _):
      close(descriptor)
      unlink(temporary)
    case .opened: close(descriptor)
    case .standardOutput: break
    }
  }

  package func write(_ text: String) throws(ReportError) {
    try write(Array(text.utf8))
  }

  package func write(_ bytes: [UInt8]) throws(ReportError) {
    byteCount += bytes.count
    guard pending.count + bytes.count >= Self.blockSize else {
      pending += bytes
      return
    }
    try empty()
    try put(bytes)
  }

  /// Flushes the file to the disk and renames it; nothing can be written afterwards.
  package func finish() throws(ReportError) {
    try empty()
    guard case .renamed(let temporary, let path) = target else {
      if case .opened = target {
        defer { descriptor = -1 }
        try check(close(descriptor), "close")
      }
      return
    }
    try check(fsync(descriptor), "fsync")
    do throws(ReportError) {
      let status = close(descriptor)
      descriptor = -1
      try check(status, "close")
      try check(rename(temporary, path), "rename")
    } catch {
      unlink(temporary)
      throw error
    }
    Self.syncFolder(of: path)
  }

  private func empty() throws(ReportError) {
    guard !pending.isEmpty else { return }
    try put(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: [UInt8]) throws(ReportError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      try check(count < 0 ? -1 : 0, "write")
      written += count
    }
  }

  /// Creates a new file next to the target, with the permissions of the user's mask; the name of a
  /// file that a killed process left is skipped.
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
      default: throw failure("open", path: path, byteCount: 0)
      }
    }
  }

  /// The target of a link, so that the file it names is replaced and the link stays.
  private static func linkTarget(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let resolved = realpath(path, nil)
    else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether the path is neither a regular file nor a folder.
  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Makes the new name durable; on a file system that cannot do this, the contents are still safe.
  private static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private func check(_ status: Int32, _ call: String) throws(ReportError) {
    guard status == -1 else { return }
    throw Self.failure(call, path: path, byteCount: byteCount)
  }

  /// The error of the C call that just failed; a full disk or quota is a separate error.
  private static func failure(_ call: String, path: String, byteCount: Int) -> ReportError {
    let code = errno
    if code == ENOSPC || code == EDQUOT { return .diskFull(path: path, byteCount: byteCount) }
    return .unwritable(
      path: path, call: call, reason: String(cString: strerror(code)).lowercased())
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
