import Glibc

/// A folder that this process alone writes in. The system lets go of it when the process ends,
/// however that comes.
package final class FolderLock {
  private let descriptor: Int32

  /// `nil` where another process holds it.
  package init?(_ path: String) throws(TrainingError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    // File systems without locks have no other process that could see one.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return nil }
  }

  deinit { Self.release(descriptor) }

  /// Lets go of the lock for children, too, that hold it until they become other programs.
  private static func release(_ descriptor: Int32) {
    guard descriptor >= 0 else { return }
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether a process holds it now.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { release(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
