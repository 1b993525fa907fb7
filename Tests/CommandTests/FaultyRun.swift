import Foundation
import TestProgram

/// A call of OpenCL that fails in a short run, and from then on perhaps every other.
struct OpenCLFault: Sendable, CustomStringConvertible {
  enum Status: Int, CaseIterable, Sendable {
    case outOfResources = -5
    case allocationFailure = -4
    case deviceNotAvailable = -2
    case invalidValue = -30

    /// What the sentence advises where the call needs memory.
    var remedy: String {
      switch self {
      case .outOfResources, .allocationFailure: "smaller batch, fewer examples or another device"
      case .deviceNotAvailable: "try again, or use another device"
      case .invalidValue: "update it, or use another device"
      }
    }
  }

  /// Counted from 1.
  let call: Int
  let status: Status
  let isLasting: Bool

  var description: String { "call \(call)\(isLasting ? " and later ones" : ""): \(status)" }

  var environment: [String: String] {
    ["OPENCL_FAULTS_CALL": "\(call)", "OPENCL_FAULTS_STATUS": "\(status.rawValue)"]
      .merging(isLasting ? ["OPENCL_FAULTS_LASTING": "1"] : [:]) { $1 }
  }
}

/// What became of a run in which one call failed.
struct FaultyRun: Sendable {
  let fault: OpenCLFault
  /// The function that failed; `calls` where none did.
  let name: String
  let code: Int32
  let said: String
  /// What is wrong about it.
  let objections: [String]
  let seconds: Double

  static let arguments = [
    "train", "linear-pca", "--limit", "64", "--batch-size", "32", "--epochs", "2", "--device", "0",
    "--set", "checkpoints.every=1", "--quiet",
  ]

  /// Variables under which the tests' libraries stand between the program and OpenCL.
  static func environment(_ program: Program) throws -> [String: String] {
    [
      "LD_PRELOAD": try Program.library("OpenCLFaults") + " " + Program.library("OpenCLCounter"),
      "OPENCL_FAULTS_FILE": program.folder + "/fault",
      "OPENCL_COUNTER_FILE": program.folder + "/counts",
      // No process beside it, which would count calls of its own.
      "AEGPU_LAUNCHER": "/nowhere/aegpu",
    ]
  }

  /// How many calls the run makes.
  static func callCount() throws -> Int {
    let program = try Program()
    let outcome = try program.start(
      arguments + ["--output", "run"], environment: environment(program)
    ).wait()
    let words = try program.text("fault").split(separator: " ")
    guard outcome.code == 0, words[1] == "calls\n", let count = Int(words[0]) else {
      throw Unexpected(description: "\(outcome) \(words)")
    }
    return count
  }

  private struct Unexpected: Error, CustomStringConvertible {
    let description: String
  }

  init(_ fault: OpenCLFault) throws {
    let program = try Program()
    let start = Date()
    let outcome = try program.start(
      Self.arguments + ["--output", "run"],
      environment: Self.environment(program).merging(fault.environment) { $1 }
    ).wait()
    seconds = Date().timeIntervalSince(start)
    self.fault = fault
    (code, said) = (outcome.code, outcome.errors)
    name = String(
      try program.text("fault").split(separator: " ")[1].dropLast())
    var objections: [String] = []
    if seconds > 120 { objections.append("took \(Int(seconds)) s") }
    objections += try Self.objections(to: outcome, fault, name)
    objections += try Self.leftovers(program)
    objections += try Self.alive(program)
    if outcome.code == 1 { objections += try Self.objectionsToResume(program) }
    self.objections = objections
  }

  /// A failure is a sentence that names the call and the remedy. A run that succeeds says what it
  /// did without, unless it had nothing left to do but to close the device.
  private static func objections(
    to outcome: Outcome, _ fault: OpenCLFault, _ name: String
  ) throws -> [String] {
    var found: [String] = []
    let lines = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("aegpu: checked ") }
    // A platform that is passed over is told before.
    if lines.count > 2 || !lines.allSatisfy({ $0.hasPrefix("aegpu: ") }) {
      found.append("no sentence: \(outcome.errors)")
    }
    let isQuestion = name.hasPrefix("clGet")
    let remedy =
      isQuestion && fault.status != .deviceNotAvailable
      ? OpenCLFault.Status.invalidValue.remedy : fault.status.remedy
    let isTold =
      lines.contains { $0.contains("\(name)") && $0.contains(remedy) }
    switch outcome.code {
    case 0:
      if !isTold, !lines.isEmpty || name != "clFinish" { found.append("said nothing") }
    case 1: if !isTold { found.append("expected \(name) and \(remedy): \(outcome.errors)") }
    case let code: found.append("exit code \(code)")
    }
    return found
  }

  /// Files that are not whole, or not of a run.
  static func leftovers(_ program: Program) throws -> [String] {
    (FileManager.default.enumerator(atPath: program.folder)?.compactMap { $0 as? String } ?? [])
      .filter { $0.split(separator: "/").last!.hasPrefix(".") || $0.contains(".new-") }
      .map { "left \($0)" }
  }

  /// OpenCL objects that nobody released.
  static func alive(_ program: Program) throws -> [String] {
    struct Counts: Decodable {
      struct Moment: Decodable { let alive: [String: Int] }
      let end: Moment
    }
    guard program.exists("counts") else { return ["did not come to its end"] }
    return try JSONDecoder().decode(Counts.self, from: program.data("counts")).end.alive
      .filter { $0.value != 0 }.map { "\($0.value) \($0.key) left alive" }
  }

  /// A run goes on from its last checkpoint; one that has none begins again, which is said.
  static func objectionsToResume(_ program: Program) throws -> [String] {
    guard program.exists("run") else { return [] }
    let hasCheckpoint = try !program.contents("run/checkpoints").isEmpty
    let resumed = try program.run("train", "--resume", "run", "--quiet")
    let saysNone = resumed.errors.contains("no checkpoint yet: starting from the beginning")
    let state = try program.text("run/environment.json")
    let isFinished = state.contains("\"state\" : \"finished\"")
    return resumed.code == 0 && isFinished && program.exists("run/weights.safetensors")
      && hasCheckpoint != saysNone ? [] : ["not resumed: \(resumed.errors)"]
  }
}
