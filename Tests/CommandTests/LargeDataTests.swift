import Foundation
import TestProgram
import Testing

/// Data larger than `--memory`, and what is said of a training before it begins.
@Suite(.serialized) struct LargeDataTests {
  /// An NPY file of rows of 4,000 bytes.
  private func program(rows: Int = 40_000) throws -> Program {
    let program = try Program()
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(rows), 4000), }"
    let byteCount = 128 + rows * 4000
    let text = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var file = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + Data(text.utf8)
    // A prime number of bytes, so that no two rows begin alike.
    let part = Data((0..<65_521).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 77) })
    while file.count < byteCount { file += part }
    try file.prefix(byteCount).write(
      to: URL(fileURLWithPath: program.folder + "/large.npy"))
    return program
  }

  private static let recipe = [
    "table", "--data", "large.npy", "--device", "cpu", "--epochs", "1", "--validation", "none",
    "--batch-size", "1000",
  ]

  @Test func trainsOnMoreThanItMayHave() throws {
    let program = try program()
    let trained = try program.start(
      ["train", "--memory", "600MiB", "--output", "run"] + Self.recipe
    ).wait()
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("160 MB of uint8, which are read from their files"))
    #expect(trained.errors.contains("scaled to mean 0 and variance 1"))

    // Another amount of memory changes nothing, though all would fit into it.
    let resumed = try program.start([
      "train", "--resume", "run", "--epochs", "2", "--memory", "8GiB",
    ]).wait()
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("which are read from their files"))
    let whole = try program.start(
      ["train", "--memory", "600MiB", "--output", "whole"] + Self.recipe + ["--epochs", "2"]
    ).wait()
    #expect(whole.code == 0)
    #expect(try program.weights(of: "run") == program.weights(of: "whole"))

    // The first rows fit, and nothing else is read.
    let first = try program.start(
      ["train", "--memory", "600MiB", "--output", "first", "--limit", "2000"] + Self.recipe
    ).wait()
    #expect(first.code == 0, "\(first.errors)")
    #expect(!first.errors.contains("which are read from their files"))

    let small = try program.start(
      ["train", "--memory", "100MiB", "--output", "other"] + Self.recipe
    ).wait()
    #expect(small.code == 1)
    #expect(small.errors.contains("--memory: expected at least "))
    let random = try program.start(
      ["train", "--memory", "600MiB", "--output", "other"] + Self.recipe
        + ["--validation", "0.1"]
    ).wait()
    #expect(random.code == 0, "\(random.errors)")
    #expect(random.errors.contains("4,000 of them held out for validation by seed"))

    // So do those of the validation, which are evaluated as in memory.
    let judged = try program.start(
      ["train", "--memory", "600MiB", "--output", "judged"] + Self.recipe
        + ["--validation", "0.99"]
    ).wait()
    #expect(judged.code == 0, "\(judged.errors)")
    #expect(judged.errors.contains("; validation reads 158 MB of uint8 from their files\n"))
    let reports = try ["600MiB", "8GiB"].map { memory in
      let outcome = try program.run(
        "evaluate", "judged", "--device", "cpu", "--format", "json", "--memory", memory)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output
    }
    #expect(reports[0] == reports[1])
    let metrics = try program.text("judged/metrics.jsonl")
    let loss = try #require(reports[0].split(separator: "\n").first { $0.contains("\"loss\"") })
    let number = try #require(loss.split(separator: " ").last?.split(separator: ",").first)
    #expect(metrics.contains("\"validation\":{\"loss\":\(number)"))
  }

  /// A table whose numbers take 168 MB.
  private func table() throws -> Program {
    let program = try Program()
    let lines = (0..<50).map { line in
      (0..<20).map { "\(($0 * 7 + line * 3) % 10)" }.joined(separator: ",") + "\n"
    }
    let names = (0..<20).map { "c\($0)" }.joined(separator: ",")
    try program.write(
      names + "\n" + String(repeating: lines.joined(), count: 21_000), to: "large.csv")
    return program
  }

  /// A process that ends while it writes the numbers leaves nothing that is used.
  @Test func trainsOnATableLargerThanItMayHave() throws {
    let program = try table()
    let recipe = [
      "table", "--data", "large.csv", "--device", "cpu", "--validation", "0.1", "--batch-size",
      "10000",
    ]
    let start = ["train", "--memory", "600MiB", "--epochs", "1"] + recipe
    func tables() -> [String] { (try? program.contents("cache/tables")) ?? [] }
    let killed = try program.start(start + ["--output", "killed"])
    while !tables().contains(where: { $0.hasSuffix(".part") }), killed.process.isRunning {
      usleep(500)
    }
    kill(killed.process.processIdentifier, SIGKILL)
    #expect(try killed.wait().code == -SIGKILL)
    #expect(tables().contains { $0.hasSuffix(".part") })
    #expect(tables().allSatisfy { $0.hasSuffix(".part") || $0.hasSuffix(".lock") })

    let full = try program.start(
      ["-c", "ulimit -f 20000; exec \"$0\" \"$@\"", Program.path] + start
        + ["--output", "full"], by: "/bin/sh"
    ).wait()
    #expect(full.code == 1)
    #expect(full.errors.contains("expected to write what stays out of memory, received file too"))
    #expect(tables().allSatisfy { $0.hasSuffix(".lock") })

    let trained = try program.start(start + ["--output", "run"]).wait()
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("105,000 of them held out for validation by seed"))
    #expect(trained.errors.contains("its numbers (168 MB) were written to "))
    #expect(tables().count { !$0.hasSuffix(".lock") } == 1)
    #expect(!tables().contains { $0.hasSuffix(".part") })

    let resumed = try program.start(
      ["train", "--resume", "run", "--epochs", "2", "--memory", "8GiB"]
    ).wait()
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("where an earlier run wrote them; it can be deleted"))
    let whole = try program.start(start + ["--output", "whole", "--epochs", "2"]).wait()
    #expect(whole.code == 0)
    #expect(try program.weights(of: "run") == program.weights(of: "whole"))

    for memory in ["300MiB", "8GiB"] {
      let outcome = try program.start(
        ["encode", "run", "--data", "large.csv", "--device", "cpu", "--memory", memory]
          + ["--output", "\(memory).npy"]
      ).wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    #expect(try program.data("300MiB.npy") == program.data("8GiB.npy"))
  }

  /// Codes and scores of what stays in its file are those of the same in memory.
  @Test(arguments: Program.hasPoCL ? ["cpu", "0"] : ["cpu"])
  func readsLaterDataFromTheirFiles(device: String) throws {
    let program = try program(rows: 18_000)
    let trained = try program.start(
      ["train", "--output", "run", "--limit", "2000"] + Self.recipe
    ).wait()
    #expect(trained.code == 0, "\(trained.errors)")
    for (command, ending) in [("encode", "npy"), ("anomalies", "csv")] {
      for memory in ["200MiB", "8GiB"] {
        let outcome = try program.start(
          [command, "run", "--data", "large.npy", "--device", device, "--memory", memory]
            + ["--output", "\(memory).\(ending)"]
        ).wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      let (stored, loaded) = try (
        program.data("200MiB.\(ending)"), program.data("8GiB.\(ending)")
      )
      #expect(stored == loaded, "\(command)")
      #expect(ending == "csv" || stored.count > 18_000 * 4 * 32)
    }
  }

  /// What `plan --predict` says of a run.
  private struct Forecast: Decodable {
    let epochs, stepsPerEpoch, checkpointBytes, diskBytes, exampleBytes, deviceBytes: Int
    let secondsPerStep, validationSeconds, secondsPerEpoch, seconds: Double
    let bytesReadPerEpoch: Int?
  }

  @Test func predictsWhatATrainingTakes() throws {
    let program = try Program()
    let recipe = [
      "simple", "--data", "digits", "--limit", "300", "--batch-size", "64", "--device", "cpu",
      "--epochs", "2",
    ]
    let said = try program.start(["plan", "--predict", "--format", "json"] + recipe).wait()
    #expect(said.code == 0, "\(said.errors)")
    let forecast = try JSONDecoder().decode(Forecast.self, from: Data(said.output.utf8))
    #expect(forecast.epochs == 2)
    #expect(forecast.stepsPerEpoch == 5)
    #expect(forecast.secondsPerStep > 0 && forecast.validationSeconds > 0)
    let epoch = 5 * forecast.secondsPerStep + forecast.validationSeconds
    #expect(abs(forecast.secondsPerEpoch - epoch) <= 1e-9 * epoch)
    #expect(abs(forecast.seconds - 2 * epoch) <= 1e-9 * epoch)
    #expect(forecast.bytesReadPerEpoch == nil)
    #expect(forecast.deviceBytes > forecast.exampleBytes)
    #expect(!program.exists("runs"))

    let trained = try program.start(["train", "--output", "run"] + recipe).wait()
    #expect(trained.code == 0)
    let checkpoint = try program.data("run/checkpoints/epoch-0002.safetensors").count
    // Its header comes on top.
    #expect((checkpoint - 20_000..<checkpoint).contains(forecast.checkpointBytes))
    let text = try program.start(["plan", "--predict"] + recipe).wait().output
    #expect(text.contains("an epoch ") && text.contains("5 steps of ") && text.contains("on disk "))
  }

  @Test(arguments: ["0", "2 parsecs", "-1GiB", "1e99", "GiB", ""]) func refusesSizes(size: String)
    throws
  {
    let program = try Program()
    let run = try program.start(["train", "simple", "--memory", size]).wait()
    #expect(run.code == 64)
    #expect(run.errors.contains("--memory"))
    #expect(try program.run("plan", "simple", "--memory", "1GiB").code == 64)
  }
}
