import Glibc

/// Runs a program found on the PATH until it ends.
///
/// Its input and output are unnamed temporary files, so neither side blocks the other.
package struct Subprocess: Sendable {
  package struct Result: Hashable, Sendable {
    /// Its exit status, or 128 plus the number of the signal that ended it.
    package let status: Int32
    package let output: [UInt8]
    package let errors: String
    /// Whether it was killed because it exceeded its time limit.
    package let timedOut: Bool
  }

  /// Why a program could not be run.
  package enum Failure: Error, Hashable, Sendable {
    case notFound(program: String)
    case notStarted(program: String, reason: String)
  }

  /// - `showsErrors`: whether it writes to our standard error, for a program that shows its
  ///   progress there.
  /// - `environment`: environment variables to add or replace.
  /// - `timeLimit`: seconds after which it is killed; `nil`: no limit.
  /// - `watch`: receives its process ID when it runs, and `nil` before that ID can be reused.
  package static func run(
    _ program: String, _ arguments: [String], input: String = "", showsErrors: Bool = false,
    environment: [String: String] = [:], timeLimit: Double? = nil,
    watch: (pid_t?) -> Void = { _ in }
  ) throws(Failure) -> Result {
    let files = [try file(program, input), try file(program, ""), try file(program, "")]
    defer { files.forEach { fclose($0) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, file) in files.enumerated() where target < 2 || !showsErrors {
      posix_spawn_file_actions_adddup2(&actions, fileno(file), Int32(target))
    }
    var process = pid_t()
    let words = ([program] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    let variables = Self.variables(with: environment).map { strdup($0) }
    defer { variables.forEach { free($0) } }
    let code = posix_spawnp(&process, program, &actions, nil, words + [nil], variables + [nil])
    guard code == 0 else {
      throw code == ENOENT
        ? .notFound(program: program) : .notStarted(program: program, reason: reason(code))
    }
    watch(process)
    let isLate = timeLimit.map { !hasEnded(process, within: $0) } ?? false
    if isLate { kill(process, SIGKILL) }
    var end = siginfo_t()
    while waitid(P_PID, id_t(process), &end, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    watch(nil)
    var status: Int32 = 0
    var ended = waitpid(process, &status, 0)
    while ended < 0 && errno == EINTR { ended = waitpid(process, &status, 0) }
    // If SIGCHLD is ignored, the system keeps no exit status.
    guard ended == process else { throw .notStarted(program: program, reason: reason(errno)) }
    return Result(
      status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f,
      output: contents(files[1]),
      errors: String(decoding: contents(files[2]), as: UTF8.self), timedOut: isLate)
  }

  /// Whether a child ends in time; checks every hundredth of a second.
  private static func hasEnded(_ process: pid_t, within seconds: Double) -> Bool {
    let start = ContinuousClock.now
    while true {
      var end = siginfo_t()
      let code = waitid(P_PID, id_t(process), &end, WEXITED | WNOWAIT | WNOHANG)
      // If the system has no such child to wait for, it has ended.
      if code == 0 ? end.si_signo == SIGCHLD : errno != EINTR { return true }
      if ContinuousClock.now - start >= .seconds(seconds) { return false }
      usleep(10_000)
    }
  }

  /// Our environment variables, each as `NAME=value`, with some replaced or added.
  private static func variables(with settings: [String: String]) -> [String] {
    var variables: [String] = []
    var next = environ
    while let variable = next.pointee {
      variables.append(String(cString: variable))
      next += 1
    }
    return variables.filter { settings[String($0.prefix { $0 != "=" })] == nil }
      + settings.map { "\($0)=\($1)" }
  }

  private static func file(
    _ program: String, _ text: String
  ) throws(Failure) -> UnsafeMutablePointer<FILE> {
    guard let file = tmpfile() else {
      throw .notStarted(program: program, reason: reason(errno))
    }
    // The child inherits only its standard input, output and error.
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
    let count = text.utf8.count
    guard fwrite(text, 1, count, file) == count, fflush(file) == 0 else {
      let reason = reason(errno)
      fclose(file)
      throw .notStarted(program: program, reason: reason)
    }
    rewind(file)
    return file
  }

  private static func contents(_ file: UnsafeMutablePointer<FILE>) -> [UInt8] {
    var status = stat()
    guard fstat(fileno(file), &status) == 0, status.st_size > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      rewind(file)
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
  }
}
