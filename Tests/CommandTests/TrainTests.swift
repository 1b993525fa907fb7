import Foundation
import TestProgram
import Testing

@Suite struct TrainTests {
  /// A short run on the native backend, and its output.
  private func train(_ program: Program, _ more: String...) throws -> Outcome {
    try program.start(
      ["train", "--data", "digits", "--limit", "64", "--epochs", "1", "--device", "cpu"] + more
    ).wait()
  }

  @Test func leavesTheFilesOfTheContract() throws {
    let program = try Program()
    let outcome = try train(program, "vae", "--epochs", "5", "--output", "run")
    #expect(outcome.code == 0)
    #expect(
      try program.contents("run") == [
        "checkpoints", "environment.json", "images", "metrics.jsonl", "recipe.yaml",
        "weights.safetensors",
      ])
    #expect(
      try program.contents("run/checkpoints") == [
        "epoch-0003.safetensors", "epoch-0004.safetensors", "epoch-0005.safetensors",
      ])
    let epochs = ["0001", "0002", "0005"]
    #expect(
      try program.contents("run/images").filter { $0.contains("-epoch-") }
        == epochs.map { "reconstructions-epoch-\($0).png" }
        + epochs.map { "samples-epoch-\($0).png" })
    #expect(try program.text("run/metrics.jsonl").split(separator: "\n").count == 5)
    let environment = try #require(
      try JSONSerialization.jsonObject(with: Data(program.text("run/environment.json").utf8))
        as? [String: Any])
    #expect(environment["version"] as? String == "0.1.0")
    #expect(environment["seed"] as? Int == 1)
    #expect((environment["commandLine"] as? [String])?.contains("vae") == true)
    #expect((environment["device"] as? [String: Any])?["driver"] as? String == "native")
    #expect(outcome.output.contains("run         run\n"))
    #expect(
      outcome.output.contains(
        "picture     run/images/reconstructions-epoch-0005.png, and of epochs 1, 2\n"))
    // A line about the data and five of progress, and no bar if there is no terminal.
    #expect(
      outcome.errors.hasPrefix(
        "train: the first 64 images 28×28 gray of digits; validation on "))
    #expect(outcome.errors.split(separator: "\n").count == 6)
    #expect(!outcome.errors.contains("\r") && !outcome.errors.contains("\u{1b}"))
  }

  /// Each step in steps.jsonl, and on standard error; a run that shows nothing; one object at the end.
  @Test func stepsQuietAndJSON() throws {
    let program = try Program()
    let steps = try train(
      program, "vae", "--epochs", "3", "--batch-size", "16", "--log-steps", "5", "--set",
      "loss.klWeight=2", "--output", "run")
    #expect(steps.code == 0)
    let said = steps.errors.split(separator: "\n")
    #expect(said.count == 6 && said[0].hasPrefix("train: the first 64 images "))
    #expect(said[2].hasPrefix("epoch 2/3  step 5  loss "))
    #expect(said[2].hasSuffix("  learning rate 0.001"))
    let lines = try program.text("run/steps.jsonl").split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Double])
    }
    #expect(lines.map { $0["step"] } == [5, 10] && lines.map { $0["epoch"] } == [2, 3])
    // Parts add up to the loss; the divergence is also given in nats.
    for line in lines {
      #expect(
        Set(line.keys) == [
          "epoch", "step", "loss", "reconstruction", "kl", "klNats", "learningRate",
        ])
      #expect(abs(line["loss"]! - line["reconstruction"]! - line["kl"]!) < 1e-6 * line["loss"]!)
      #expect(abs(line["kl"]! - 2 * line["klNats"]!) < 1e-9)
    }

    let quiet = try train(
      program, "vae", "--epochs", "2", "--quiet", "--format", "json", "--output", "quiet")
    #expect(quiet.code == 0 && quiet.errors == "")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(quiet.output.utf8)) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "run", "device", "deviceName", "epochs", "epoch", "stoppedEarly", "training", "validation",
        "seconds", "examplesPerSecond", "quality", "pictures", "weights",
      ])
    let losses = try #require(object["training"] as? [String: Double])
    #expect(Set(losses.keys) == ["loss", "reconstruction", "kl"])
    #expect(object["epochs"] as? Int == 2 && object["device"] as? String == "cpu")

    // Both are listed, the newest first.
    try FileManager.default.createDirectory(
      atPath: program.folder + "/runs", withIntermediateDirectories: false)
    for run in ["run", "quiet"] {
      try FileManager.default.moveItem(
        atPath: "\(program.folder)/\(run)", toPath: "\(program.folder)/runs/\(run)")
    }
    let listed = try program.run("runs", "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
    #expect(rows.count == 2)
    #expect(Set(rows.compactMap { $0["run"] as? String }) == ["runs/run", "runs/quiet"])
    for row in rows {
      #expect(row["recipe"] as? String == "vae" && row["data"] as? String == "digits")
      #expect(row["state"] as? String == "finished" && row["loss"] is Double)
    }
    #expect(try program.run("runs").output.contains("\nruns/quiet  vae     digits  finished "))
  }

  @Test func runsWithoutRuns() throws {
    let program = try Program()
    let none = try program.run("runs")
    #expect(none.code == 0 && none.output == "")
    #expect(none.errors == "no runs in runs; aegpu train makes one\n")
    let missing = try program.run("runs", "elsewhere")
    #expect(missing.code == 1)
    #expect(
      missing.errors
        == "aegpu: elsewhere: expected a folder of runs, found none; check the path\n")
  }

  /// A loss that has grown is no success to be silent about.
  @Test func aLossThatGrows() throws {
    let program = try Program()
    let outcome = try train(
      program, "simple", "--epochs", "3", "--batch-size", "16", "--set",
      "loss.reconstruction=squaredError", "--set", "decoder.0.dense.activation=identity",
      "--learning-rate", "100", "--output", "run")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("\nwarning     the final loss is above the initial loss, "))
  }

  /// A table is no image, however many columns it has, unless the recipe says so; then PSNR and
  /// pictures take their range from the data.
  @Test func tablesAndImages() throws {
    let program = try Program()
    let lines = (0..<12).map { row in (0..<16).map { "\(row * 16 + $0)" }.joined(separator: ",") }
    let table = ([(0..<16).map { "c\($0)" }.joined(separator: ",")] + lines)
    try table.joined(separator: "\n").write(
      toFile: program.folder + "/t.csv", atomically: true, encoding: .utf8)
    let arguments = [
      "train", "simple", "--epochs", "1", "--device", "cpu", "--data", "t.csv", "--set",
      "input=[16]", "--set", "encoder.0.dense.units=2", "--set",
      "decoder.0={dense: {units: 16, initializer: zeros}}", "--set",
      "loss.reconstruction=squaredError", "--learning-rate", "0",
    ]
    let plain = try program.start(arguments + ["--output", "table"]).wait()
    #expect(plain.code == 0)
    #expect(!plain.output.contains("PSNR") && plain.output.contains(", in the data's own units; "))
    #expect(
      try program.contents("table/images").allSatisfy { !$0.contains("-epoch-") })
    let image = try program.start(
      arguments + ["--set", "data.shape=[4, 4, 1]", "--output", "image"]
    ).wait()
    // 0 for every value from 0 to 191: 10 log₁₀(255² / mean x²).
    #expect(image.output.contains("\nPSNR        7.27 dB\n"))
    #expect(
      image.output.contains(
        ", pixels from 0 to 255; 12 training examples, as there is no validation"))
    #expect(program.exists("image/images/reconstructions-epoch-0001.png"))
    let quality = try program.text("image/images/quality.json")
    #expect(quality.contains("\"range\": [0.0, 255.0]") && quality.contains("\"training\""))
  }

  /// The recipe that a run leaves repeats it to the last bit.
  @Test func recipeRepeatsTheRun() throws {
    let program = try Program()
    #expect(
      try train(
        program, "--seed", "5", "--learning-rate", "0.01", "--batch-size", "16",
        "--no-shuffle", "--validation", "0.25", "--set", "encoder.0.dense.units=32", "--set",
        "decoder.1.dense.activation=tanh", "--output", "a"
      ).code == 0)
    #expect(
      try program.run("train", "a/recipe.yaml", "--device", "cpu", "--output", "b").code == 0)
    #expect(try program.text("a/recipe.yaml") == program.text("b/recipe.yaml"))
    let checkpoint = "checkpoints/epoch-0001.safetensors"
    #expect(try program.data("a/" + checkpoint) == program.data("b/" + checkpoint))
    let line = try program.text("a/metrics.jsonl")
    #expect(line.contains("\"step\":3,"))
    for part in ["units: 32", "seed: 5", "shuffle: false", "validation: 0.25", "limit: 64"] {
      #expect(try program.text("a/recipe.yaml").contains(part), "\(part)")
    }
  }

  @Test func startsFromWeights() throws {
    let program = try Program()
    #expect(try train(program, "--output", "a").code == 0)
    let from = ["--init-from", "a/weights.safetensors"]
    #expect(
      try program.start(
        [
          "train", "--data", "digits", "--limit", "64", "--epochs", "1", "--device", "cpu",
          "--learning-rate", "0", "--output", "b",
        ] + from
      ).wait().code == 0)
    func validation(_ run: String) throws -> Substring? {
      try program.text("\(run)/metrics.jsonl").split(separator: "\"validation\":").last?
        .prefix { $0 != "}" }
    }
    #expect(try validation("a") == validation("b"))
    #expect(try program.text("b/environment.json").contains("\"initialWeights\""))
  }

  @Test func validationNone() throws {
    let program = try Program()
    #expect(try train(program, "--validation", "none", "--output", "a").code == 0)
    #expect(try !program.text("a/metrics.jsonl").contains("validation"))
  }

  /// Nothing is better than the first epoch by so much.
  @Test func stopsEarly() throws {
    let program = try Program()
    let settings = "earlyStopping={patience: 2, minimumDelta: 100}"
    let outcome = try train(program, "--epochs", "9", "--set", settings, "--output", "run")
    #expect(outcome.code == 0)
    #expect(
      outcome.output.contains("stopped     after epoch 3; the weights are those of epoch 1\n"))
    #expect(try program.text("run/metrics.jsonl").split(separator: "\n").count == 3)
    let refused = try train(
      program, "--set", settings, "--validation", "none", "--output", "other")
    #expect(refused.code == 1)
    #expect(refused.errors.hasPrefix("aegpu: earlyStopping: expected a validation loss, "))
    #expect(try program.contents(".") == ["run"])
  }

  @Test func overwrite() throws {
    let program = try Program()
    #expect(try train(program, "--output", "run").code == 0)
    let before = try program.text("run/metrics.jsonl")
    let refused = try train(program, "--output", "run")
    #expect(refused.code == 1)
    #expect(
      refused.errors == "aegpu: run: expected a folder that does not exist yet, received one that "
        + "contains files; choose another --output, or replace that run with --overwrite\n")
    // A start that fails removes nothing.
    for more in [
      ["--device", "99"], ["--set", "batchSize=x"], ["--init-from", "none"], ["--bad"],
    ] {
      let failed = try program.start(
        ["train", "--data", "digits", "--device", "cpu", "--output", "run", "--overwrite"] + more
      ).wait()
      #expect(failed.code != 0)
      #expect(try program.text("run/metrics.jsonl") == before)
    }
    let again = try train(program, "--epochs", "2", "--output", "run", "--overwrite")
    #expect(again.code == 0)
    #expect(try program.text("run/metrics.jsonl").split(separator: "\n").count == 2)
    #expect(try program.contents("") == ["run"])
  }

  @Test func defaultFolder() throws {
    let program = try Program()
    #expect(try train(program).code == 0)
    let runs = try program.contents("runs")
    #expect(runs.count == 1)
    #expect(runs[0].hasPrefix("dense-20"))
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interrupted(signal: Int32) throws {
    let program = try Program()
    let running = try program.start([
      "train", "--data", "digits", "--epochs", "100000", "--device", "cpu", "--output", "run",
      "--limit", "512", "--batch-size", "64", "--set", "pictures.every=100000",
    ])
    let deadline = Date(timeIntervalSinceNow: 60)
    while !program.exists("run/metrics.jsonl"), Date() < deadline { usleep(20_000) }
    // Of two that come together the second changes nothing.
    for _ in 1...2 {
      kill(running.process.processIdentifier, signal)
      usleep(100)
    }
    let outcome = try running.wait()
    #expect(outcome.code == 130)
    #expect(outcome.output == "")
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    #expect(sentence.hasPrefix("aegpu: interrupted; the state is kept in run/checkpoints/epoch-"))
    #expect(sentence.hasSuffix("; to continue, run aegpu train --resume run"))
    let kept = sentence.split(separator: ";")[1].split(separator: " ").last ?? ""
    #expect(program.exists(String(kept)))
    #expect(!program.exists("run/weights.safetensors"))
  }

  @Test func diverged() throws {
    let program = try Program()
    let outcome = try train(
      program, "--epochs", "50", "--batch-size", "16", "--set",
      "optimizer={sgd: {learningRate: 1000000}}", "--set", "loss.reconstruction=squaredError",
      "--output", "run")
    #expect(outcome.code == 1)
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    #expect(sentence.hasPrefix("aegpu: training: expected a finite loss and gradient, received "))
    #expect(sentence.contains(": lower the learning rate; aegpu replay run/replay-step-"))
    #expect(sentence.contains(" repeats it; the last good weights are kept in run/"))
    #expect(program.exists(String(sentence.split(separator: " ").last ?? "")))
    let file = try #require(sentence.firstMatch(of: /run\/replay-step-(\d+)\.safetensors/))
    for device in ["cpu", "reference"] {
      let replay = try program.run("replay", String(file.0), "--device", device)
      #expect(replay.code == 0, "\(replay.errors)")
      #expect(replay.output.contains("step        \(file.1), trained on "))
      let cause = device == "reference" ? "not finite  " : "cause       weights have grown from "
      #expect(replay.output.contains(cause), "\(device): \(replay.output)")
    }
    let none = try program.run("replay", "run/weights.safetensors")
    #expect(none.code == 1 && none.errors.contains("expected a step that a run kept"))
    // It is what a run wrote, and goes with it.
    let again = try train(program, "--epochs", "1", "--output", "run", "--overwrite")
    #expect(again.code == 0 && !program.exists(String(file.0)))
  }

  @Test func withoutADriver() throws {
    let program = try Program()
    let empty = program.folder + "/none"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    let environment = ["OCL_ICD_VENDORS": empty, "OPENCL_VENDOR_PATH": empty]
    let arguments = ["train", "--data", "digits", "--limit", "64", "--epochs", "1", "--output"]
    let outcome = try program.start(arguments + ["run"], environment: environment).wait()
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("device      cpu ("))
    let refused = try program.start(
      arguments + ["other", "--device", "0"], environment: environment
    ).wait()
    #expect(refused.code == 1)
    #expect(refused.errors.hasPrefix("aegpu: device: expected one of cpu ("))
    let list = try program.run("list-devices", environment: environment)
    #expect(list.output.split(separator: "\n").count == 3)
  }

  @Test(.enabled(if: Program.hasOpenCL)) func onTheFirstOpenCLDevice() throws {
    let program = try Program()
    let outcome = try program.run(
      "train", "--data", "digits", "--limit", "600", "--epochs", "1", "--device", "0", "--output",
      "run")
    #expect(outcome.code == 0)
    #expect(try program.contents("run").contains("weights.safetensors"))
  }
}
