import ArgumentParser
import Glibc
import OpenCLBackend
import Subprocesses

/// `doctor` in a process of its own, where a driver that crashes, ends the process or hangs takes only
/// that with it.
enum DoctorProcess {
  private static let variable = "AEGPU_DOCTOR_PROCESS"
  /// Begins a line for the process that waits.
  private static let mark = "\u{1E}"
  private static let ended = "ended"
  private static let remedy = "update the driver, or choose another device"

  /// Whether this is that process.
  static let isHere = Program.variable(variable) != nil

  /// The seconds for which a device may not answer.
  private static let patience =
    // Tests alone set it.
    3 * (Program.variable("AEGPU_TEST_PATIENCE").flatMap { Int($0) } ?? 60)

  /// Runs this command there, and prints what it prints.
  /// - Returns: the exit code; `nil` where there can be no such process.
  static func run() throws -> ExitCode? {
    Interruption.listen()
    let process = try? Subprocess.run(
      Program.again, Array(CommandLine.arguments.dropFirst()), showsErrors: true,
      environment: [variable: "1"], watch: Interruption.ends)
    if Interruption.isRequested { throw Interrupted() }
    guard let process else { return nil }
    let lines = String(decoding: process.output, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let marked = lines.filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count) }
    let report = lines.filter { !$0.hasPrefix(mark) }.joined(separator: "\n")
    guard marked.last ?? "" != ended else {
      if !report.isEmpty { try Console.print(report, terminator: "") }
      return ExitCode(process.status)
    }
    let checked = marked.last?.split(separator: "\t").map(String.init) ?? []
    throw DriverEnd(device: checked.first, recipe: checked.last, status: process.status)
  }

  /// Says in that process what is checked from now on.
  static func begin(_ recipe: String, on device: String) throws {
    if isHere { try Console.print("\(mark)device \(device)\t\(recipe)") }
  }

  /// Says there that the process ends as it should, whatever comes of the check.
  static func end() throws {
    if isHere { try Console.print(mark + ended) }
  }

  /// Ends that process if the device has not answered for too long.
  static func giveUp(on silent: SilentDevice) {
    guard isHere, silent.seconds >= patience else { return }
    Program.complain("\(silent): it hangs; \(remedy)")
    try? end()
    // No driver is asked to close.
    _exit(ExitCode.failure.rawValue)
  }

  /// The driver ended the process.
  private struct DriverEnd: Error, CustomStringConvertible {
    let device, recipe: String?
    let status: Int32

    var description: String {
      let how = status > 128 ? "by signal \(status - 128)" : "with exit status \(status)"
      return "the driver of \(device ?? "a device") ended the process \(how)"
        + (recipe.map { " while \($0) was checked" } ?? "") + "; \(remedy)"
    }
  }
}
