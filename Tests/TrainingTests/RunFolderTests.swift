import Foundation
import Graphs
import Plans
import TestFolders
import Testing
import Training

@Suite struct RunFolderTests {
  private func contents(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func makeRun(_ path: String, overwrite: Bool = false, recipe: String = "r") throws {
    try RunFolder(checking: path, overwrite: overwrite).create(recipe: recipe, environment: "{}")
  }

  @Test func firstFiles() throws {
    try inFolder { folder in
      try makeRun(folder + "/deep/er/run")
      #expect(try contents(folder + "/deep/er") == ["run"])
      #expect(
        try contents(folder + "/deep/er/run")
          == ["checkpoints", "environment.json", "images", "recipe.yaml"])
    }
  }

  @Test func refusesWhatIsThere() throws {
    try inFolder { folder in
      let run = folder + "/run"
      try makeRun(run)
      let error = #expect(throws: TrainingError.self) {
        try RunFolder(checking: run, overwrite: false)
      }
      #expect(
        error?.description
          == "\(run): expected a folder that does not exist yet, received one with "
          + "files in it; choose another --output, or replace that run with --overwrite")
      // An empty folder holds nothing to lose.
      try FileManager.default.createDirectory(
        atPath: folder + "/empty", withIntermediateDirectories: false)
      try makeRun(folder + "/empty")
      #expect(try contents(folder + "/empty").contains("recipe.yaml"))
    }
  }

  @Test func overwritesRunsOnly() throws {
    try inFolder { folder in
      let run = folder + "/run"
      try makeRun(run, recipe: "old")
      try Data("old".utf8).write(to: URL(fileURLWithPath: run + "/metrics.jsonl"))
      _ = try RunFolder(checking: run, overwrite: true)
      #expect(try contents(run).contains("metrics.jsonl"))
      try makeRun(run + "/", overwrite: true, recipe: "new")
      #expect(try String(contentsOfFile: run + "/recipe.yaml", encoding: .utf8) == "new")
      #expect(try !contents(run).contains("metrics.jsonl"))
      #expect(try contents(folder) == ["run"])

      try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
      for path in [folder, folder + "/file"] {
        let error = #expect(throws: TrainingError.self) {
          try RunFolder(checking: path, overwrite: true)
        }
        #expect(
          error?.description
            == "\(path): expected the folder of an earlier run to overwrite, received "
            + "something else; choose another --output")
      }
    }
  }

  @Test func aFailingStartLeavesTheOldRun() throws {
    try inFolder { folder in
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
      let error = #expect(throws: TrainingError.self) { try makeRun(folder + "/file/run") }
      #expect(error?.description.contains("expected a folder that can be written") == true)
      #expect(try contents(folder) == ["file"])
    }
  }

  @Test func checkpointsStayAsManyAsWanted() throws {
    try inFolder { folder in
      let path = folder + "/run"
      let run = try RunFolder(checking: path, overwrite: false)
      try run.create(recipe: "r", environment: "{}")
      let (told, _, _) = try train(smallRecipe(epochs: 12), training: smallExamples(count: 5))
      for checkpoint in told.checkpoints { _ = try run.write(checkpoint, texts: [:], keep: 3) }
      #expect(
        try contents(run.checkpoints)
          == ["epoch-0010.safetensors", "epoch-0011.safetensors", "epoch-0012.safetensors"])
      // What is being written stays, whatever else is there.
      #expect(
        try run.write(told.checkpoints[0], texts: [:], keep: 0).hasSuffix("epoch-0001.safetensors"))
      #expect(try contents(run.checkpoints).contains("epoch-0001.safetensors"))
    }
  }

  @Test func metricsGrowALineAnEpoch() throws {
    try inFolder { folder in
      let path = folder + "/run"
      let run = try RunFolder(checking: path, overwrite: false)
      try run.create(recipe: "r", environment: "{}")
      let recipe = try smallRecipe(epochs: 3, latent: true)
      let data = TrainingData(
        training: smallExamples(count: 5), validation: smallExamples(count: 3))
      let environment = RunEnvironment(
        version: "1", commandLine: ["a"], started: Date(timeIntervalSince1970: 0), seed: 3,
        device: try TestDevice.reference.open().device, data: data, initialWeights: nil,
        products: [])
      var recorder = RunRecorder(run, recipe: "r", environment: environment, keep: 1)
      var lineCounts: [Int] = []
      _ = try train(recipe, training: data.training, validation: data.validation) { event, _ in
        try recorder.record(event)
        guard case .epoch = event else { return }
        let text = try String(contentsOfFile: run.metrics, encoding: .utf8)
        #expect(text.last == "\n")
        lineCounts.append(text.split(separator: "\n").count)
      }
      #expect(lineCounts == [1, 2, 3])
      let text = try String(contentsOfFile: run.metrics, encoding: .utf8)
      let object = try JSONSerialization.jsonObject(with: Data(text.split(separator: "\n")[2].utf8))
      let line = try #require(object as? [String: Any])
      #expect(
        Set(line.keys) == ["epoch", "step", "train", "validation", "samplesPerSecond", "seconds"])
      #expect(line["epoch"] as? Int == 3)
      #expect(line["step"] as? Int == 3)
      let judged = try #require(line["validation"] as? [String: Double])
      #expect(Set(judged.keys) == ["loss", "reconstruction", "kl"])
      let weights = try Safetensors(path: run.weights)
      #expect(weights.metadata["epoch"] == "3")
      #expect(weights.metadata["recipe"] == "r")
      #expect(recorder.checkpoint == run.checkpoints + "/epoch-0003.safetensors")
      let names = try contents(run.path)
      #expect(!names.contains { $0.hasPrefix(".") })
    }
  }

  @Test func defaultPath() {
    let now = Date(timeIntervalSince1970: 1_700_000_000)
    #expect(RunFolder.defaultPath(recipe: "my/vae", now: now) == "runs/my-vae-2023-11-14T22-13-20Z")
  }
}
