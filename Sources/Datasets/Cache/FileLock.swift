import Glibc

/// A file that one process at a time has locked. It stays when it is unlocked: another process may
/// wait for it.
enum FileLock {
  /// Does something while the file is locked.
  /// - Parameter waits: whether to wait for another process that has locked it.
  /// - Returns: `nil` if it does not wait, and another process has locked it.
  static func hold<Result>(
    _ path: String, waits: Bool = true, _ body: () throws(DatasetError) -> Result
  ) throws(DatasetError) -> Result? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw CacheFile.failure(path, errno) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX | (waits ? 0 : LOCK_NB)) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: return nil
      case let code: throw CacheFile.failure(path, code)
      }
    }
    // A child process that has not executed its program yet holds the lock, too.
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }
}
