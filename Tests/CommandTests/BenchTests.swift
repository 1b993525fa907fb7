import Foundation
import NetworkSuite
import Recipes
import TestProgram
import Testing

/// The output of `bench` and `profile`; numbers must be consistent, speeds are not checked.
@Suite(.serialized) struct BenchTests {
  private static let devices = Program.hasOpenCL ? ["cpu", "0"] : ["cpu"]

  private func rows(_ outcome: Outcome) throws -> [[String: Any]] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
  }

  @Test func benchAsJSON() throws {
    let devices = Self.devices.flatMap { ["--device", $0] }
    let outcome = try Program().start(
      ["bench", "simple", "latent2d", "--batch-size", "16", "--set", "seed=2"]
        + ["--windows", "2", "--seconds", "0.001", "--batches", "7", "--format", "json"] + devices
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let rows = try rows(outcome)
    #expect(
      rows.map { "\($0["recipe"] ?? "") \($0["device"] ?? "")" }
        == Self.devices.flatMap { ["simple \($0)", "latent2d \($0)"] })
    for row in rows {
      #expect(row["batchSize"] as? Int == 16 && row["windows"] as? Int == 2)
      #expect(row["stepCount"] as? Int == 7)
      for key in [
        "floatingPointOperationsPerStep", "productFloatingPointOperationsPerStep",
        "launchesPerStep",
      ] {
        #expect(row[key] as? Int ?? 0 > 0, "\(key)")
      }
      for key in ["hostSecondsPerStep", "shareOfPeak", "shareOfProducts"] {
        #expect(row[key] as? Double ?? 0 > 0, "\(key)")
      }
      for key in ["deviceName", "driver"] { #expect(row[key] is String, "\(key)") }
      for key in [
        "samplesPerSecond", "secondsPerStep", "floatingPointOperationsPerSecond",
        "productSecondsPerStep",
      ] {
        let statistics = try #require(row[key] as? [String: Double], "\(key)")
        #expect(statistics.keys.sorted() == ["best", "median", "p10"])
        #expect(statistics.values.allSatisfy { $0 > 0 }, "\(key)")
      }
      let peak = try #require(row["peak"] as? [String: Any])
      #expect(peak["product"] is String)
      #expect(peak["floatingPointOperationsPerSecond"] is [String: Double])
      let first = try #require(row["firstStep"] as? [String: [String: Any]])
      #expect(first.keys.sorted() == ["cold", "warm"])
      for step in first.values {
        #expect(step["seconds"] as? Double ?? 0 > 0)
        #expect(step["peakHostBytes"] as? Int ?? 0 > 1 << 20)
        // Seven batches of sixteen examples are on the device.
        #expect(step["peakDeviceBytes"] as? Int ?? 0 > 7 * 16 * 784)
      }
    }
  }

  @Test func benchAsText() throws {
    let outcome = try Program().run(
      "bench", "simple", "--batch-size", "16", "--windows", "1", "--seconds", "0.001", "--device",
      "cpu")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors == "aegpu: measuring simple on cpu\n")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 6)
    #expect(lines[0].hasPrefix("recipe  device  batch  examples/s"))
    #expect(lines[2].hasPrefix("simple  cpu        16"))
    #expect(lines[4].hasPrefix("device cpu is ") && lines[4].contains(" GFLOP/s ("))
  }

  @Test func benchOfTheSuite() throws {
    let outcome = try Program().run(
      "bench", "--suite", "table-10", "--windows", "1", "--seconds", "0.001", "--device", "cpu")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors == "aegpu: measuring table-10 on cpu\n")
    #expect(outcome.output.contains("\ntable-10  cpu        32"))
  }

  @Test(arguments: devices) func profile(device: String) throws {
    let program = try Program()
    let outcome = try program.run(
      "profile", "simple", "--batch-size", "16", "--runs", "3", "--format", "json", "--device",
      device)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let profile = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let steps = try #require(profile["steps"] as? [[String: Any]])
    let json = try program.run("plan", "simple", "--batch-size", "16", "--format", "json")
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    // The very steps of the plan, with its counts.
    let planned = try #require(plan["steps"] as? [[String: Any]])
    #expect(steps.map { $0["op"] as? String } == planned.map { $0["op"] as? String })
    #expect(steps.map { $0["step"] as? Int } == Array(1...planned.count))
    let total = try #require(profile["total"] as? [String: Any])
    for key in ["floatingPointOperations", "byteCount"] {
      #expect(total[key] as? Int == plan[key] as? Int, "\(key)")
    }
    let limits = try #require(profile["limits"] as? [String: Any])
    for key in ["floatingPointOperationsPerSecond", "bytesPerSecond"] {
      #expect(limits[key] as? Double ?? 0 > 0, "\(key)")
    }
    #expect(!(try #require(profile["kernels"] as? [[String: Any]])).isEmpty)
  }

  @Test func profileAsText() throws {
    let outcome = try Program().run(
      "profile", "simple", "--batch-size", "16", "--runs", "1", "--device", "cpu")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("a training step of simple, batch 16, on device cpu ("))
    #expect(outcome.output.contains("\nlimits: "))
    #expect(outcome.output.contains("\nstep  op  ") && outcome.output.contains("\nkernel  "))
  }

  /// A command line, its exit code, and what it says.
  static let misuses: [(arguments: [String], code: Int32, sentence: String)] = [
    (
      ["bench", "dnse"], 64,
      "recipe: expected one of \(RecipeLibrary.names.joined(separator: ", ")) or a .yaml file, "
        + "received dnse; did you mean dense?"
    ),
    (
      ["bench", "--suite", "table-1"], 64,
      "recipe: expected one of \(NetworkSuite.names.joined(separator: ", ")) or a .yaml file, "
        + "received table-1; did you mean table-10?"
    ),
    (
      ["bench", "--windows", "0"], 64,
      "--windows: expected a whole number from 1, received 0 (see aegpu bench --help)"
    ),
    (
      ["bench", "--batch-size", "0"], 64,
      "--batch-size: expected a whole number from 1, received 0 (see aegpu bench --help)"
    ),
    (
      ["bench", "--seconds", "0"], 64,
      "--seconds: expected a number above 0 and at most 60, received 0.0 (see aegpu bench --help)"
    ),
    (
      ["bench", "--batches", "0"], 64,
      "--batches: expected a whole number from 1, received 0 (see aegpu bench --help)"
    ),
    (
      ["bench", "--set", "epochs"], 64,
      "--set: expected key.path=value, received epochs (see aegpu bench --help)"
    ),
    (
      ["bench", "--device", "gpu"], 64,
      "The value 'gpu' is invalid for '--device <n|cpu|auto|all>' (see aegpu bench --help)"
    ),
    (
      ["profile", "--runs", "0"], 64,
      "--runs: expected a whole number from 1, received 0 (see aegpu profile --help)"
    ),
  ]

  @Test(arguments: misuses.indices) func misuse(_ index: Int) throws {
    let misuse = Self.misuses[index]
    let outcome = try Program().start(misuse.arguments).wait()
    #expect(outcome.code == misuse.code)
    #expect(outcome.errors == "aegpu: \(misuse.sentence)\n")
    #expect(outcome.output == "")
  }

  /// A measuring process prints the same as the program.
  @Test func unknownDevice() throws {
    let outcome = try Program().run("bench", "simple", "--device", "99")
    #expect(outcome.code == 1 && outcome.output == "")
    let said = outcome.errors.split(separator: "\n")
    #expect(said.count == 2 && said[0] == "aegpu: measuring simple on 99")
    #expect(said[1].hasPrefix("aegpu: device: expected one of "))
    #expect(said[1].contains(", received 99"))
  }
}
