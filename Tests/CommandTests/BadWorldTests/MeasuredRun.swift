import Foundation
import TestProgram
import Testing

/// The program run with limits, and the most memory that it had.
struct MeasuredRun {
  let code: Int32
  let output: String
  let errors: [UInt8]
  let peakMegabytes: Int
  let seconds: Double

  /// - Parameters:
  ///   - limits: commands of a shell before the program takes its place, such as `ulimit -v 100000`.
  ///   - arguments: of the program, which runs in that folder.
  init(_ arguments: [String], in folder: String, limits: String = ":") throws {
    let files = ["out", "err"].map { NSTemporaryDirectory() + "/\($0)-\(UUID().uuidString)" }
    defer { files.forEach { unlink($0) } }
    // Tests beside this one may have files open, which the program would have open, too.
    let script = """
      cd "$1" && export OMP_WAIT_POLICY=passive AEGPU_CACHE_DIR="$1/cache" AEGPU_LAUNCHER=/nowhere
      for file in /proc/self/fd/*; do ((${file##*/} < 3)) || eval "exec ${file##*/}>&-"; done
      exec </dev/null >"$2" 2>"$3"; shift 3; \(limits); exec "$@"
      """
    let words =
      ["/bin/bash", "-c", script, "bash", folder] + files + [Program.path] + arguments
    let copies: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    var process = pid_t()
    try #require(posix_spawn(&process, words[0], nil, nil, copies, environ) == 0)
    let start = ContinuousClock.now
    var (status, peak) = (Int32(0), 0)
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now - start > .seconds(60) { kill(process, SIGKILL) }
      peak = max(peak, Self.peakKilobytes(of: process) ?? 0)
      usleep(2000)
    }
    seconds = (ContinuousClock.now - start) / .seconds(1)
    code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    output = try String(contentsOfFile: files[0], encoding: .utf8)
    errors = Array(try Data(contentsOf: URL(fileURLWithPath: files[1])))
    peakMegabytes = peak / 1024
  }

  /// The most that a process had since it became its program; what wait4 gives counts what the
  /// process had before, too.
  private static func peakKilobytes(of process: pid_t) -> Int? {
    let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let lines = text?.split(separator: "\n") ?? []
    // Until then it is a copy of this process, and then a shell.
    guard lines.first == "Name:\taegpu" else { return nil }
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }
  }

  var sentence: String { String(decoding: errors, as: UTF8.self) }

  /// What is wrong about a refusal.
  /// - Parameters:
  ///   - said: what its sentence has in it.
  ///   - peak: the most memory that it may take, in megabytes.
  func objections(saying said: String = "", peak: Int = 150) -> [String] {
    let lines = sentence.split(separator: "\n", omittingEmptySubsequences: false)
    return [
      (code == 1 || code == 64, "exit code \(code)"),
      (lines.count == 2 && lines[1].isEmpty, "not one line"),
      (sentence.hasPrefix("aegpu: "), "no sentence of the program"),
      (sentence.contains("expected") && sentence.contains("received"), "no facts"),
      (said.isEmpty || sentence.contains(said), "expected \(said)"),
      (sentence.count < 800, "a sentence of \(sentence.count) characters"),
      (!errors.dropLast().contains { $0 < 32 || $0 == 127 }, "control characters"),
      (output.isEmpty, "a result: \(output)"),
      (peakMegabytes <= peak, "\(peakMegabytes) MB where \(peak) are allowed"),
      (seconds < 30, "\(Int(seconds)) s"),
    ].filter { !$0.0 }.map { "\($0.1) in \(sentence.prefix(500))" }
  }
}
