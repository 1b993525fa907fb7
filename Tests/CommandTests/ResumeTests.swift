import Foundation
import TestFolders
import TestProgram
import Testing

/// Runs that are killed, interrupted or cut short can be resumed without a difference.
@Suite struct ResumeTests {
  /// So many epochs of a small run, that there is time to kill it.
  private func arguments(_ recipe: String, _ output: String) -> [String] {
    [
      "train", recipe, "--data", "digits", "--limit", "320", "--batch-size", "16", "--epochs",
      "40", "--device", "cpu", "--set", "pictures.every=7", "--set", "checkpoints.every=3",
      "--checkpoint-steps", "13", "--output", output,
    ]
  }

  /// The metrics without times, and the weights.
  private func outcome(_ program: Program, _ run: String) throws -> (metrics: String, Data) {
    let lines = try program.text("\(run)/metrics.jsonl").split(separator: "\n").map {
      $0.prefix { $0 != "}" }
        + ($0.split(separator: "\"validation\"").last?.prefix { $0 != "}" } ?? "")
    }
    return (lines.joined(separator: "\n"), try program.weights(of: run))
  }

  /// Killed at several moments, each time gone on with.
  @Test(arguments: ["vae", "stacked"]) func killedAtAnyMoment(recipe: String) throws {
    let program = try Program()
    #expect(try program.start(arguments(recipe, "whole")).wait().code == 0)
    var kills = 0
    var command = arguments(recipe, "killed")
    for wait in [0.15, 0.3, 0.45, 0.2, 0.35, 0.5] {
      let running = try program.start(command)
      Thread.sleep(forTimeInterval: wait)
      kill(running.process.processIdentifier, SIGKILL)
      if try running.wait().code != 0 { kills += 1 }
      if program.exists("killed") { command = ["train", "--resume", "killed"] }
    }
    let last = try program.start(command).wait()
    #expect(last.code == 0, "\(last.errors)")
    #expect(kills > 0)
    let (whole, killed) = (try outcome(program, "whole"), try outcome(program, "killed"))
    #expect(whole.0 == killed.0)
    #expect(whole.1 == killed.1)
    #expect(try program.text("killed/environment.json").contains("\"state\" : \"finished\""))
    #expect(try program.contents("killed") == program.contents("whole"))
    #expect(try program.contents("killed/images") == program.contents("whole/images"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func signals(signal: Int32) throws {
    let program = try Program()
    // Under nohup this process ignores SIGHUP, and what it starts would, too.
    let running = try program.start(
      ["--default-signal=HUP", Program.path] + arguments("vae", "run") + ["--epochs", "100000"],
      by: "/usr/bin/env")
    while running.process.isRunning, !program.exists("run/metrics.jsonl") { usleep(5000) }
    kill(running.process.processIdentifier, signal)
    let outcome = try running.wait()
    #expect(outcome.code == 130)
    #expect(outcome.errors.contains("; to continue, run aegpu train --resume run\n"))
    #expect(try program.text("run/environment.json").contains("\"state\" : \"interrupted\""))
  }

  /// The previous one is used, with a note.
  @Test func newestCheckpointCutShort() throws {
    let program = try Program()
    // States of whole epochs alone.
    func arguments(_ recipe: String, _ output: String) -> [String] {
      self.arguments(recipe, output) + ["--checkpoint-steps", "100000"]
    }
    let short = arguments("simple", "a") + ["--epochs", "6"]
    #expect(try program.start(short).wait().code == 0)
    #expect(try program.run("train", "--resume", "a", "--epochs", "9").code == 0)
    let path = program.folder + "/a/checkpoints/epoch-0009.safetensors"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
    let outcome = try program.run("train", "--resume", "a", "--epochs", "12")
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("a/checkpoints/epoch-0009.safetensors: expected "))
    #expect(outcome.errors.contains("resuming from a/checkpoints/epoch-0006.safetensors\n"))
    let whole = arguments("simple", "b") + ["--epochs", "12"]
    #expect(try program.start(whole).wait().code == 0)
    let (a, b) = (try self.outcome(program, "a"), try self.outcome(program, "b"))
    #expect(a.0 == b.0)
    #expect(a.1 == b.1)
  }

  @Test func anotherRunIsRefused() throws {
    let program = try Program()
    #expect(try program.start(arguments("simple", "a") + ["--epochs", "2"]).wait().code == 0)
    let outcome = try program.run("train", "--resume", "a", "--batch-size", "8", "--seed", "9")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "aegpu: a: expected no changes except epochs, "
        + "pictures and checkpoints, received another batchSize, seed; leave that out, or start a "
        + "new run\n")
    let none = try program.run("train", "--resume", "nowhere")
    #expect(none.code == 1)
    #expect(
      none.errors
        == "aegpu: nowhere: expected a run folder, a weights or checkpoint file in one, or last; "
        + "found nothing there\n")
  }

  /// Parts of another run's weights, which then stay as they are.
  @Test func partsAreTakenAndKept() throws {
    let program = try Program()
    #expect(try program.start(arguments("deep", "a") + ["--epochs", "1"]).wait().code == 0)
    let outcome = try program.start(
      arguments("deep", "b") + [
        "--epochs", "1", "--init-from", "a", "--init-parts", "encoder", "--freeze", "encoder",
      ]
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let (a, b) = (
      try tensors(program, "a/weights.safetensors"), try tensors(program, "b/weights.safetensors")
    )
    #expect(Set(a.keys) == Set(b.keys))
    for (name, values) in a {
      #expect((values == b[name]) == name.hasPrefix("encoder."), "\(name)")
    }
    #expect(try program.text("b/recipe.yaml").contains("freeze:"))
  }

  private func tensors(_ program: Program, _ path: String) throws -> [String: Data] {
    let bytes = try program.data(path)
    let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let object = try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(header))
    var tensors: [String: Data] = [:]
    for (name, entry) in object as? [String: [String: Any]] ?? [:] {
      guard let offsets = entry["data_offsets"] as? [Int] else { continue }
      tensors[name] = Data(
        bytes.dropFirst(8 + header)[(8 + header + offsets[0])..<(8 + header + offsets[1])])
    }
    return tensors
  }
}
