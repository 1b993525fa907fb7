import Foundation
import OpenCLBackend
import TestFolders
import TestSupport
import Testing

/// The results of a command line of the built program.
package struct Outcome {
  package let code: Int32
  package let output: String
  package let errors: String
}

/// The built program, and an empty folder in which it runs.
package final class Program {
  private let own: TemporaryFolder
  package var folder: String { own.path }

  package init() throws { own = try TemporaryFolder() }

  /// The program is next to the bundle or executable that runs these tests.
  package static let path: String = {
    let arguments = CommandLine.arguments
    let candidates =
      arguments.filter { $0.contains(".xctest") } + [arguments[0], "/proc/self/exe"]
    for candidate in candidates {
      let file = URL(fileURLWithPath: candidate).resolvingSymlinksInPath()
      let program = file.deletingLastPathComponent().appendingPathComponent("aegpu").path
      if FileManager.default.isExecutableFile(atPath: program) { return program }
    }
    preconditionFailure("no aegpu beside \(candidates)")
  }()

  /// The path of a library of the tests, which is next to the program.
  package static func library(_ name: String) throws -> String {
    let path = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("lib\(name).so").path
    try #require(FileManager.default.fileExists(atPath: path))
    return path
  }

  /// Whether there is an OpenCL device that may be used.
  package static let hasOpenCL = !OpenCLTestDevice.all.isEmpty

  /// Whether the first device is PoCL's.
  package static let hasPoCL =
    hasOpenCL && (try? OpenCLDevices.all().first?.version.contains("PoCL")) == true

  /// Runs it to its end.
  package func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).wait()
  }

  /// Starts it; what it prints goes to files, so that no pipe fills up.
  /// - Parameters:
  ///   - path: what starts it, where that is not the program itself.
  ///   - input: the file of its folder that it reads as standard input.
  package func start(
    _ arguments: [String], by path: String = path, input: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // Tests run side by side: threads that spin while they wait would take each other's time.
    process.environment = ["OMP_WAIT_POLICY": "passive"]
      .merging(ProcessInfo.processInfo.environment) { $1 }
      // Tests do not use the user's results of tune, and only the tests of the probe try drivers
      // first.
      .merging(["AEGPU_CACHE_DIR": folder + "/cache", "AEGPU_PROBE": "0"]) { $1 }
      .merging(environment) { $1 }
    let name = NSTemporaryDirectory() + "/aegpu-\(UUID().uuidString)"
    let files = [name + ".out", name + ".err"]
    for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardInput =
      input.flatMap { FileHandle(forReadingAtPath: folder + "/" + $0) } ?? .nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    try process.run()
    return Running(process: process, files: files)
  }

  package struct Running {
    package let process: Process
    let files: [String]

    /// Its output on standard error so far.
    package func errorsSoFar() throws -> String {
      try String(contentsOfFile: files[1], encoding: .utf8)
    }

    /// Waits for its end.
    /// - Parameter seconds: when it is killed; the usual five minutes are for drivers, which may compile
    ///   for long.
    package func wait(seconds: Double = 300) throws -> Outcome {
      let deadline = Date(timeIntervalSinceNow: seconds)
      while process.isRunning, Date() < deadline { usleep(5000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
      for file in files { try FileManager.default.removeItem(atPath: file) }
      // A process that a signal ended has its number, as a negative code.
      let code = process.terminationStatus
      return Outcome(
        code: process.terminationReason == .exit ? code : -code, output: texts[0], errors: texts[1])
    }
  }

  /// Writes a script into the folder.
  /// - Returns: its path, for `AEGPU_LAUNCHER`.
  package func script(_ lines: String) throws -> String {
    let path = folder + "/launcher"
    try "#!/bin/sh\n\(lines)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  package func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + path)
  }

  package func data(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))
  }

  package func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  /// The bytes of a run's weights, without the file's header, which tells of the run itself.
  package func weights(of run: String) throws -> Data {
    let bytes = try data("\(run)/weights.safetensors")
    return bytes.dropFirst(8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) })
  }

  package func write(_ text: String, to path: String) throws {
    try text.write(toFile: folder + "/" + path, atomically: true, encoding: .utf8)
  }

  package func contents(_ path: String) throws -> [String] {
    try own.contents(path)
  }
}
