import Foundation
import TestProgram
import Testing

/// The processes by which `bench` measures: how they are started, and that none is left.
@Suite(.serialized) struct BenchProcessTests {
  private static let arguments = [
    "bench", "simple", "--batch-size", "16", "--windows", "1", "--seconds", "0.001", "--device",
    "cpu",
  ]

  @Test func startsByTheLauncher() throws {
    let program = try Program()
    let launcher = try program.script("echo \"$*\" >>starts; exec '\(Program.path)' \"$@\"")
    let outcome = try program.start(
      Self.arguments, environment: ["AEGPU_LAUNCHER": launcher]
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let starts = try program.text("starts").split(separator: "\n")
    #expect(starts.count == 3 && starts.allSatisfy { $0.hasPrefix("bench simple ") })
  }

  @Test func namesALauncherThatIsNotThere() throws {
    let outcome = try Program().start(
      Self.arguments, environment: ["AEGPU_LAUNCHER": "/nowhere/aegpu"]
    ).wait()
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == """
        aegpu: measuring simple on cpu
        aegpu: bench: expected to start the program again as /nowhere/aegpu, received no such file; \
        unset AEGPU_LAUNCHER or set it to the path of the program\n
        """)
  }

  /// A bundle as far as its start goes, on a machine whose C library is older than what is asked of
  /// it: the loader runs the program.
  @Test func measuresByABundlesLoader() throws {
    let program = try Program()
    let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Tools/bundled/launch").standardized.path
    let manager = FileManager.default
    for folder in ["bin", "lib/glibc", "lib/fallback", "lib/vendors"] {
      try manager.createDirectory(
        atPath: program.folder + "/" + folder, withIntermediateDirectories: true)
    }
    for (link, target) in [
      ("aegpu", tools), ("bin/aegpu", Program.path),
      ("lib/glibc/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2"),
    ] {
      let path = program.folder + "/" + link
      if link == "aegpu" {
        try manager.copyItem(atPath: target, toPath: path)
      } else {
        try manager.createSymbolicLink(atPath: path, withDestinationPath: target)
      }
    }
    for (file, text) in [
      ("glibc/asked", "99.0"), ("fallback/asked", "99.0"), ("fallback/version", "6"),
    ] {
      try text.write(
        toFile: program.folder + "/lib/" + file, atomically: true, encoding: .utf8)
    }
    let outcome = try program.start(
      Self.arguments, by: program.folder + "/aegpu", environment: ["AEGPU_LAUNCH_VERBOSE": "1"]
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("is older than 99.0: using the bundle's"))
    #expect(outcome.output.hasPrefix("recipe  device  batch"))
  }

  /// Of two signals that come together, as those of `timeout` do, the second changes nothing.
  @Test(arguments: [SIGINT, SIGTERM]) func leavesNothing(signal: Int32) throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.folder + "/tmp", withIntermediateDirectories: false)
    let launcher = try program.script("echo $$ >child.new; mv child.new child; exec sleep 120")
    let running = try program.start(
      Self.arguments,
      environment: ["AEGPU_LAUNCHER": launcher, "TMPDIR": program.folder + "/tmp"])
    let deadline = Date(timeIntervalSinceNow: 60)
    while !program.exists("child"), running.process.isRunning, Date() < deadline { usleep(5000) }
    let child = try #require(pid_t(program.text("child").dropLast()))
    #expect(try program.contents("tmp").count == 1)
    #expect(kill(child, 0) == 0)
    for _ in 1...2 {
      kill(running.process.processIdentifier, signal)
      usleep(100)
    }
    let outcome = try running.wait()
    #expect(outcome.code == 130)
    #expect(outcome.output == "")
    #expect(outcome.errors == "aegpu: measuring simple on cpu\naegpu: bench: interrupted\n")
    #expect(kill(child, 0) == -1 && errno == ESRCH)
    #expect(try program.contents("tmp") == [])
  }
}
