import Glibc

/// Standard output and standard error, without a buffer, so that each failure is seen. A result that
/// cannot be written is an error; a message on standard error that cannot be written is ignored.
enum Console {
  /// Writes a result to standard output.
  /// - Throws: if it cannot be written whole, for example on a full disk or a closed descriptor. If the
  ///   reader of a pipe is gone, SIGPIPE ends the process as usual, unless it is ignored.
  static func print(_ result: some CustomStringConvertible, terminator: String = "\n")
    throws(OutputError)
  {
    // What libraries printed comes first.
    fflush(nil)
    guard write(result.description + terminator, to: STDOUT_FILENO) else {
      throw OutputError(reason: String(cString: strerror(errno)).lowercased())
    }
  }

  /// Writes to standard error. If that fails (full, closed, or no reader), training continues.
  static func say(_ text: String) {
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var before = sigset_t()
    var pending = sigset_t()
    sigpending(&pending)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    if !write(text, to: STDERR_FILENO), errno == EPIPE, sigismember(&pending, SIGPIPE) == 0 {
      // The signal is this thread's own and is taken here, not by the process.
      var now = timespec()
      while sigtimedwait(&pipe, nil, &now) < 0, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Opens each of the three standard descriptors that the parent closed, so that no later file gets
  /// its number and receives our messages. Writing to it fails, as on a closed descriptor.
  static func openStandardDescriptors() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free: this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EAGAIN {
          // Another program set the terminal to non-blocking.
          var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wanted, 1, -1)
          continue
        }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
  }
}

/// A result that could not be written to standard output.
struct OutputError: Error, CustomStringConvertible {
  let reason: String

  var description: String {
    "standard output: expected to write the result, received: \(reason); "
      + "send it to a file that can be written"
  }
}
