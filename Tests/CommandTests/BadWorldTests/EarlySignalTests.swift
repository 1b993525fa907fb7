import Foundation
import TestProgram
import Testing

/// Signals before training: while a recipe is read, and while a device is checked. The process ends at
/// once with one sentence.
@Suite struct EarlySignalTests {
  private static let sentence = "aegpu: interrupted before training; no run was begun or changed\n"

  /// While it waits for who writes the recipe.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func whileReading(signal: Int32) throws {
    let program = try Program()
    #expect(mkfifo(program.folder + "/a.yaml", 0o600) == 0)
    let running = try program.start(
      ["--default-signal=HUP", Program.path, "train", "a.yaml", "--device", "cpu"],
      by: "/usr/bin/env")
    try waitUntilItReads(running.process.processIdentifier, program.folder + "/a.yaml")
    kill(running.process.processIdentifier, signal)
    try judge(running, program, left: ["a.yaml"])
  }

  /// While a driver compiles for the check, and never comes back.
  @Test(.enabled(if: Program.hasPoCL), arguments: [SIGINT, SIGTERM])
  func whileADeviceIsChecked(signal: Int32) throws {
    let program = try Program()
    let running = try program.start(
      ["train", "linear-pca", "--device", "0", "--output", "run"],
      environment: [
        "LD_PRELOAD": Program.library("OpenCLFaults"), "OPENCL_FAULTS_NAME": "clBuildProgram",
        "OPENCL_FAULTS_CALL": "1", "OPENCL_FAULTS_STATUS": "hang",
        "OPENCL_FAULTS_FILE": program.folder + "/fault", "AEGPU_LAUNCHER": "/nowhere/aegpu",
      ])
    let deadline = Date(timeIntervalSinceNow: 60)
    while running.process.isRunning, !program.exists("fault"), Date() < deadline { usleep(5000) }
    kill(running.process.processIdentifier, signal)
    try judge(running, program, left: ["fault"])
  }

  private func judge(_ running: Program.Running, _ program: Program, left: [String]) throws {
    let start = Date()
    let outcome = try running.wait(seconds: 20)
    #expect(Date().timeIntervalSince(start) < 2)
    #expect(outcome.code == 130)
    #expect(outcome.errors == Self.sentence)
    #expect(outcome.output == "")
    #expect(try program.contents("").filter { $0 != "cache" } == left)
    #expect(try FaultyRun.leftovers(program) == [])
  }

  /// Until the process has the pipe open.
  private func waitUntilItReads(_ process: pid_t, _ path: String) throws {
    let wanted = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let files = "/proc/\(process)/fd"
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: files)) ?? []
      let open = names.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\($0)")
      }
      if open.contains(wanted) { return }
      usleep(5000)
    }
    Issue.record("it did not open \(path)")
  }
}
