import Dispatch
import Glibc
import OpenCLBackend
import Reports
import Subprocesses
import Synchronization

/// A first look at OpenCL's drivers, each from a process of its own: one that crashes, ends the
/// process or hangs takes only that with it.
///
/// A driver that passed is not looked at again until its files change or the machine starts anew.
package struct DriverProbe: Sendable {
  /// A driver that is left out, and why.
  package struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The file by which the loader finds it.
    package let file: String
    let reason: String

    package var description: String { "OpenCL driver \(file) is left out: it \(reason)" }
  }

  private let files: DriverFiles
  /// The command that starts this program again.
  private let launcher: String
  /// Where it is kept which drivers passed; `nil` where the user has no cache folder.
  private let record: DriverRecord?

  /// The command, hidden from people, whose process is the one that looks.
  package static let command = "look-at-driver"
  /// Seconds: drivers of GPUs that sleep take some.
  private let timeLimit: Double

  /// - Parameters:
  ///   - launcher: the command that starts this program again.
  ///   - cache: the program's cache folder.
  ///   - environment: a variable's value. `AEGPU_PROBE=0` trusts every driver.
  package init?(launcher: String, cache: String?, environment: (String) -> String?) {
    guard environment("AEGPU_PROBE") != "0" else { return nil }
    files = DriverFiles(environment: environment)
    self.launcher = launcher
    // Tests alone set it.
    timeLimit = environment("AEGPU_TEST_PATIENCE").flatMap { Double($0) } ?? 15
    record = cache.map { DriverRecord(folder: $0) }
  }

  /// Looks at every driver that is not known to be good.
  /// - Returns: those that are to be left out. Empty, too, where nobody can look.
  package func faults() -> [Fault] {
    let known = record?.known() ?? []
    let unknown = files.paths.filter { path in
      !known.contains { $0.path == path && $0.isCurrent }
    }
    guard !unknown.isEmpty else { return [] }
    let looks = Mutex<[(Look, String)]>([])
    DispatchQueue.concurrentPerform(iterations: unknown.count) { place in
      let look = look(at: unknown[place])
      looks.withLock { $0.append((look, unknown[place])) }
    }
    var (faults, passed) = ([Fault](), known.filter(\.isCurrent))
    for (look, path) in looks.withLock({ $0 }) {
      switch look {
      case .passed(let library):
        if let entry = DriverRecord.Entry(path: path, library: library) { passed.append(entry) }
      case .failed(let reason): faults.append(Fault(file: path, reason: reason))
      case .unseen: break
      }
    }
    if passed != known { record?.write(passed) }
    return faults.sorted { $0.file < $1.file }
  }

  /// Makes a first call of the loader in which it sees no driver that is left out; it looks for them
  /// once.
  package func leavingOut(_ faults: [Fault], _ firstCall: () -> Void) {
    let good = files.paths.filter { path in !faults.contains { $0.file == path } }
    guard let folder = DriverFiles.folder(of: good) else { return firstCall() }
    let before = DriverFiles.variables.map { ($0, getenv($0).map { String(cString: $0) }) }
    for (name, _) in before { setenv(name, folder, 1) }
    firstCall()
    for (name, value) in before {
      if let value { setenv(name, value, 1) } else { unsetenv(name) }
    }
    DriverFiles.remove(folder)
  }

  private enum Look {
    case passed(library: String)
    case failed(reason: String)
    /// The process could not be started.
    case unseen
  }

  private func look(at path: String) -> Look {
    guard let folder = DriverFiles.folder(of: [path]) else { return .unseen }
    defer { DriverFiles.remove(folder) }
    let environment = Dictionary(
      uniqueKeysWithValues: DriverFiles.variables.map { ($0, folder) })
    guard
      let result = try? Subprocess.run(
        launcher, [Self.command, path], environment: environment, timeLimit: timeLimit)
    else { return .unseen }
    let output = String(decoding: result.output, as: UTF8.self)
    if result.timedOut {
      return .failed(reason: "gave no answer for \(Int(timeLimit)) s to a process that looked")
    }
    // A driver may end the process, and call that success, or print something of its own.
    let line = output.split(separator: "\n").last { $0.hasPrefix(Self.passed) }
    if result.status == 0, let line {
      return .passed(library: String(line.dropFirst(Self.passed.count)))
    }
    return .failed(
      reason: "ended a process that looked at it, "
        + (result.status > 128
          ? "by signal \(result.status - 128)" : "with exit status \(result.status)"))
  }

  private static let passed = "passed "

  /// Looks at the only driver that the loader sees, in the process that was started for it.
  /// - Returns: what it is to print.
  package static func look() -> String {
    // A driver that hangs is not to stay where the process that waits for this one is killed.
    alarm(60)
    _ = try? OpenCLDevices.found()
    return "\n" + passed + (DriverRecord.loadedLibrary() ?? "")
  }
}
