import Foundation
import Synchronization
import TestProgram
import Testing

/// Calls of OpenCL that fail, and a driver that hangs: a preloaded library lets them.
@Suite(.enabled(if: Program.hasPoCL)) struct OpenCLFaultTests {
  /// Every 20th call; every one where `AEGPU_TEST_FAULTS` is set, as Tools/opencl-faults does, which
  /// names the file that gets a table.
  @Test func eachIsOneSentence() throws {
    let table = ProcessInfo.processInfo.environment["AEGPU_TEST_FAULTS"]
    let count = try FaultyRun.callCount()
    #expect(count > 200)
    let numbers = Array(stride(from: 1, through: count, by: table == nil ? 20 : 1))
    let faults = numbers.enumerated().flatMap { place, call in
      let statuses = OpenCLFault.Status.allCases
      let status = statuses[place % statuses.count]
      // Each status singly and lasting in turn.
      let single = OpenCLFault(call: call, status: status, isLasting: false)
      let lasting = OpenCLFault(call: call, status: status, isLasting: true)
      return table == nil
        ? [place / statuses.count % 2 == 0 ? single : lasting] : [single, lasting]
    }
    let runs = Mutex<[Result<FaultyRun, any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: faults.count) { place in
      let run = Result { try FaultyRun(faults[place]) }
      runs.withLock { $0.append(run) }
    }
    let done = try runs.withLock { $0 }.map { try $0.get() }
    for run in done where !run.objections.isEmpty {
      Issue.record("\(run.fault), \(run.name): \(run.objections.joined(separator: "; "))")
    }
    // Among them what a run does at its end, without which it succeeds.
    #expect(done.filter { $0.code == 1 }.count > done.count / 2)
    if let table {
      try FaultTable(done).text.write(toFile: table, atomically: true, encoding: .utf8)
    }
  }

  private static let long = [
    "train", "linear-pca", "--limit", "64", "--batch-size", "32", "--device", "0", "--set",
    "pictures.every=1000", "--set", "checkpoints.every=5", "--epochs", "60",
  ]

  /// In the middle of a run; going on gives the weights of a run without a break.
  @Test(arguments: OpenCLFault.Status.allCases) func inTheMiddle(status: OpenCLFault.Status) throws
  {
    let program = try Program()
    let whole = try program.start(Self.long + ["--output", "whole"]).wait()
    #expect(whole.code == 0, "\(whole.errors)")
    // An epoch has a launch of its steps and one or two of the validation.
    let fault = OpenCLFault(call: 75, status: status, isLasting: true)
    let outcome = try program.start(
      Self.long + ["--output", "run"],
      environment: FaultyRun.environment(program).merging(fault.environment) { $1 }
        .merging(["OPENCL_FAULTS_NAME": "clEnqueueNDRangeKernel"]) { $1 }
    ).wait()
    #expect(outcome.code == 1)
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    #expect(sentence.hasPrefix("aegpu: clEnqueueNDRangeKernel: "))
    #expect(sentence.contains(status.remedy))
    #expect(sentence.contains("; the last state is kept in run/checkpoints/epoch-"))
    #expect(try FaultyRun.leftovers(program) == [])
    #expect(try FaultyRun.alive(program) == [])
    #expect(try FaultyRun.objectionsToResume(program) == [])
    #expect(try program.weights(of: "run") == program.weights(of: "whole"))
  }

  /// A call that never returns is told of, and a signal ends the run; what was kept is whole.
  @Test(arguments: [("clEnqueueReadBuffer", 40), ("clEnqueueNDRangeKernel", 75), ("clFlush", 100)])
  func hungDriver(name: String, call: Int) throws {
    let program = try Program()
    // So that the device is checked already, and it is training that waits.
    let first = try program.start(Self.long + ["--epochs", "1", "--output", "first"]).wait(
      seconds: 60)
    #expect(first.code == 0, "\(first.errors)")
    let running = try program.start(
      Self.long + ["--output", "run"],
      environment: FaultyRun.environment(program).merging([
        "OPENCL_FAULTS_NAME": name, "OPENCL_FAULTS_CALL": "\(call)",
        "OPENCL_FAULTS_STATUS": "hang", "AEGPU_TEST_PATIENCE": "1",
      ]) { $1 })
    let told = /aegpu: device 0 \(.+\) has not answered cl\w+ for 1 s; Ctrl-C ends this\n/
    let deadline = Date(timeIntervalSinceNow: 60)
    while running.process.isRunning, try running.errorsSoFar().firstMatch(of: told) == nil,
      Date() < deadline
    { usleep(20_000) }
    // No second signal is needed.
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.wait(seconds: 20)
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains(told))
    #expect(outcome.errors.matches(of: /has not answered/).count == 2)
    let last = try #require(outcome.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("aegpu: interrupted; device 0 ("))
    #expect(last.hasSuffix(", and what was not kept yet is lost"))
    #expect(try FaultyRun.leftovers(program) == [])
    #expect(try FaultyRun.objectionsToResume(program) == [])
  }
}

/// What became of many runs, by the function that failed.
private struct FaultTable {
  let text: String

  init(_ runs: [FaultyRun]) {
    var lines = [
      "| failing call | runs | refused | succeeded | objections | longest, s |",
      "|---|---|---|---|---|---|",
    ]
    func line(_ name: String, _ runs: [FaultyRun]) -> String {
      let refused = runs.filter { $0.code == 1 }.count
      let good = runs.filter { $0.code == 0 }.count
      let objections = runs.filter { !$0.objections.isEmpty }.count
      let longest = runs.map(\.seconds).max() ?? 0
      return "| \(name) | \(runs.count) | \(refused) | \(good) | \(objections) | "
        + String(format: "%.1f |", longest)
    }
    for (name, group) in Dictionary(grouping: runs, by: \.name).sorted(by: { $0.key < $1.key }) {
      lines.append(line(name, group))
    }
    lines.append(line("all", runs))
    for run in runs where !run.objections.isEmpty {
      lines.append("\(run.fault), \(run.name): \(run.objections.joined(separator: "; "))")
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}
