import Foundation
import TestProgram
import TestSupport
import Testing

/// Two trainings at once on one device make the bits that each makes alone.
@Suite struct SharedDeviceTests {
  private static let devices = ["cpu"] + (Program.hasOpenCL ? ["0"] : [])

  private func arguments(_ recipe: String, _ device: String, _ output: String) -> [String] {
    [
      "train", recipe, "--data", "digits", "--limit", "320", "--batch-size", "64", "--epochs", "12",
      "--device", device, "--set", "pictures.every=5", "--output", output, "--quiet",
    ]
  }

  @Test(arguments: devices) func haveTheirOwnBits(device: String) throws {
    let program = try Program()
    let recipes = ["vae", "conv"]
    for recipe in recipes {
      let alone = try program.start(arguments(recipe, device, "\(recipe)-alone")).wait()
      #expect(alone.code == 0, "\(alone.errors)")
    }
    // Each twice.
    let names = ["a", "b"].flatMap { name in recipes.map { ($0, "\($0)-\(name)") } }
    let runs = try names.map { try program.start(arguments($0.0, device, $0.1)) }
    for run in runs {
      let outcome = try run.wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    for (recipe, run) in names {
      #expect(try program.weights(of: run) == program.weights(of: "\(recipe)-alone"), "\(run)")
      #expect(
        try program.contents("\(run)/images") == program.contents("\(recipe)-alone/images"))
    }
    #expect(try FaultyRun.leftovers(program) == [])
  }

  /// One folder is for one of them; the other says so and changes nothing.
  @Test func doNotShareAFolder() throws {
    let program = try Program()
    let long = arguments("simple", "cpu", "run") + ["--epochs", "100000"]
    let running = try program.start(long)
    while running.process.isRunning, !program.exists("run/metrics.jsonl") { usleep(5000) }
    for command in [
      ["train", "--resume", "run"], long, long + ["--overwrite"],
    ] {
      let other = try program.start(command).wait()
      #expect(other.code == 1)
      #expect(other.errors.split(separator: "\n").count == 1, "\(other.errors)")
      #expect(other.errors.hasPrefix("aegpu: run"), "\(other.errors)")
    }
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.wait().code == 130)
    #expect(try FaultyRun.leftovers(program) == [])
  }
}
