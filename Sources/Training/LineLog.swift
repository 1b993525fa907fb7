import Glibc
import Reports

/// A file of lines that grows at its end, such as `metrics.jsonl`. It never has an incomplete line:
/// if a line cannot be written, the file is cut back and the line is kept for the next attempt.
package final class LineLog {
  package let path: String
  private let descriptor: Int32
  private var length: Int
  private var waiting = ""
  /// Why lines are not written yet; `nil` if all are written.
  package private(set) var failure: ReportError?

  /// Opens the file, or creates it.
  /// - Parameter count: how many of its lines to keep, from the first.
  package init(_ path: String, keeping count: Int = 0) throws(ReportError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    length = 0
    guard descriptor >= 0 else { throw Self.error("open", path, 0) }
    length = try Self.end(of: count, in: descriptor, path)
    var status = stat()
    guard fstat(descriptor, &status) == 0,
      status.st_size <= length || ftruncate(descriptor, off_t(length)) == 0
    else { throw Self.error("truncate", path, 0) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a line; if it cannot be written, keeps it for later.
  package func append(_ line: String) {
    waiting += line + "\n"
    do throws(ReportError) {
      try write()
    } catch {
      failure = error
    }
  }

  /// Writes the remaining lines and flushes the file to the disk.
  package func sync() throws(ReportError) {
    try write()
    guard fsync(descriptor) == 0 else { throw Self.error("fsync", path, 0) }
  }

  private func write() throws(ReportError) {
    let bytes = Array(waiting.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress! + written, bytes.count - written, off_t(length + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = Self.error("write", path, bytes.count)
        ftruncate(descriptor, off_t(length))
        throw error
      }
      written += count
    }
    length += written
    waiting = ""
    failure = nil
  }

  /// The end of the `count`-th line, or of the last complete line if there are fewer.
  private static func end(
    of count: Int, in descriptor: Int32, _ path: String
  ) throws(ReportError) -> Int {
    var (lines, end, offset) = (0, 0, 0)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while lines < count {
      let read = pread(descriptor, &piece, piece.count, off_t(offset))
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw error("read", path, 0) }
      if read == 0 { break }
      for (index, byte) in piece[..<read].enumerated() where byte == 0x0a && lines < count {
        lines += 1
        end = offset + index + 1
      }
      offset += read
    }
    return end
  }

  private static func error(_ call: String, _ path: String, _ byteCount: Int) -> ReportError {
    let code = errno
    if code == ENOSPC || code == EDQUOT { return .diskFull(path: path, byteCount: byteCount) }
    return .unwritable(
      path: path, call: call, reason: String(cString: strerror(code)).lowercased())
  }
}
