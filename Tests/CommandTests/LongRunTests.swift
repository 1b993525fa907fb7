import Foundation
import TestProgram
import Testing

/// What a process has does not grow with the epochs: memory, file handles, threads, OpenCL objects.
@Suite struct LongRunTests {
  /// Recipes and devices; `conv` has two queues on device 0.
  private static let runs =
    [("vae", "cpu")] + (Program.hasOpenCL ? [("vae", "0"), ("conv", "0")] : [])
  /// The file that gets rows of a table of 10,000 epochs, as Tools/long-runs wants it; `nil`: a few
  /// hundred epochs.
  private static let table = ProcessInfo.processInfo.environment["AEGPU_TEST_LONG_RUNS"]
  private static let epochs = table == nil ? 300 : 10_000

  private func arguments(_ recipe: String, _ device: String, _ epochs: Int, _ output: String)
    -> [String]
  {
    [
      "train", recipe, "--data", "digits", "--limit", "64", "--batch-size", "24", "--epochs",
      "\(epochs)", "--validation", "0.25", "--device", device, "--set", "pictures.every=10",
      "--set",
      "checkpoints.every=5", "--tensorboard", "--log-steps", "2", "--quiet", "--output", output,
    ]
  }

  @Test(arguments: runs) func growsNothing(recipe: String, device: String)
    throws
  {
    let program = try Program()
    let whole = try run(recipe, device, Self.epochs, program)
    let early = whole.usage.within(0.2..<0.4), late = whole.usage.within(0.8..<1)
    #expect(early.count > 10 && late.count > 10)
    func least(_ samples: [Usage.Sample], _ value: (Usage.Sample) -> Int) -> Int {
      samples.map(value).min() ?? -1
    }
    // Files that are being written, and gnuplot's process, come and go.
    #expect(least(late, \.handles) == least(early, \.handles))
    #expect(least(late, \.threads) <= early.map(\.threads).max() ?? 0)
    let growth = (late.map(\.kilobytes).max() ?? 0) - (early.map(\.kilobytes).max() ?? 0)
    #expect(growth < 8 << 10, "\(growth) KiB")
    var row =
      "| \(recipe) | \(device) | \(Self.epochs) | \(Int(whole.seconds)) | "
      + "\(least(early, \.kilobytes) >> 10) | \(least(late, \.kilobytes) >> 10) | "
      + "\(least(early, \.handles)), \(least(late, \.handles)) | "
      + "\(least(early, \.threads)), \(least(late, \.threads)) | "
    if device != "cpu" {
      let short = try run(recipe, device, Self.epochs / 4, program)
      let (few, many) = (try #require(short.objects), try #require(whole.objects))
      #expect(many.alive.values.allSatisfy { $0 == 0 }, "\(many.alive)")
      #expect(many.program.lasting == few.program.lasting)
      #expect(many.program.launches > few.program.launches * 3)
      row += "\(few.program.lasting.map(\.created).reduce(0, +)), "
      row += "\(many.program.lasting.map(\.created).reduce(0, +))"
    }
    guard let table = Self.table else { return }
    let file = try #require(fopen(table, "a"))
    fputs(row + " |\n", file)
    fclose(file)
  }

  private struct Outcome {
    let usage: Usage
    let seconds: Double
    /// `nil` without OpenCL.
    let objects: OpenCLCounts?
  }

  private func run(
    _ recipe: String, _ device: String, _ epochs: Int, _ program: Program
  ) throws -> Outcome {
    let name = "run-\(epochs)"
    let environment = [
      // No second process that compiles: it would write its counts, too.
      "AEGPU_LAUNCHER": "/nowhere/aegpu", "AEGPU_CHECK": "0",
      "LD_PRELOAD": try Program.library("OpenCLCounter"),
      "OPENCL_COUNTER_FILE": program.folder + "/counts.json",
    ]
    let start = ContinuousClock.now
    let running = try program.start(
      arguments(recipe, device, epochs, name),
      environment: device == "cpu" ? [:] : environment)
    let usage = Usage(
      of: running.process.processIdentifier, progress: "\(program.folder)/\(name)/metrics.jsonl")
    let outcome = try running.wait(seconds: 60)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let objects =
      device == "cpu"
      ? nil
      : try JSONDecoder().decode(OpenCLReport.self, from: program.data("counts.json")).end
    return Outcome(usage: usage, seconds: seconds, objects: objects)
  }
}
