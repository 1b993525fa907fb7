import Glibc

/// Reads the text of a recipe's file, which may be a pipe: `aegpu train <(make-recipe)`.
struct RecipeFile {
  private let path: String
  private let descriptor: Int32

  /// A file of many thousand layers is smaller.
  private static let mostBytes = 16 << 20
  /// How long a named pipe may have nobody who writes to it.
  private static let patience = Duration.seconds(10)

  static func contents(of path: String) throws(RecipeError) -> String {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    let file = RecipeFile(path: path, descriptor: descriptor)
    guard descriptor >= 0 else { throw file.failure }
    defer { close(descriptor) }
    guard let text = String(validating: try file.bytes(), as: UTF8.self) else {
      throw file.unreadable("no UTF-8 text")
    }
    return text
  }

  private func bytes() throws(RecipeError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    // Only of a named pipe an empty reading says that nobody writes yet.
    var isWaiting = isNamedPipe
    let start = ContinuousClock.now
    while true {
      let count = read(descriptor, &block, block.count)
      switch count {
      case 1...:
        bytes += block[..<count]
        isWaiting = false
        guard bytes.count <= Self.mostBytes else {
          throw unreadable("more than \(Self.mostBytes >> 20) MiB, too large for a recipe")
        }
      case 0 where isWaiting:
        guard ContinuousClock.now - start < Self.patience else {
          throw unreadable(
            "a named pipe to which nobody has written for \(Self.patience.components.seconds) s")
        }
        usleep(10_000)
      case 0: return bytes
      default:
        guard errno == EAGAIN || errno == EINTR else { throw failure }
        // Somebody who writes, later.
        isWaiting = false
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&wanted, 1, -1)
      }
    }
  }

  /// Whether it is a pipe with a name in a file system, not one of a shell's `<(…)`.
  private var isNamedPipe: Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
    var start = [CChar](repeating: 0, count: 5)
    readlink("/proc/self/fd/\(descriptor)", &start, start.count)
    return start != "pipe:".utf8.map { CChar($0) }
  }

  /// The error of the last failed system call.
  private var failure: RecipeError {
    unreadable(errno == ENOENT ? "no such file" : String(cString: strerror(errno)).lowercased())
  }

  private func unreadable(_ reason: String) -> RecipeError {
    .unreadable(path: path, reason: reason)
  }
}
