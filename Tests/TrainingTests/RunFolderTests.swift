import Foundation
import Graphs
import Plans
import Reports
import Synchronization
import TestFolders
import Testing
import Training

@Suite struct RunFolderTests {
  private func contents(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @discardableResult
  private func makeRun(
    _ path: String, overwrite: Bool = false, recipe: String = "r"
  ) throws -> RunOwner {
    let folder = try RunFolder(checking: path, overwrite: overwrite)
    return overwrite
      ? try RunOwner.overwrite(folder, recipe: recipe, environment: "{}")
      : try RunOwner.create(folder, recipe: recipe, environment: "{}")
  }

  private func environment(_ data: TrainingData) throws -> RunEnvironment {
    RunEnvironment(
      version: "1", commandLine: ["a"], started: Date(timeIntervalSince1970: 0), seed: 3,
      device: try TestDevice.reference.open().device, data: data, initialWeights: nil,
      products: [])
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
          == "\(run): expected a folder that does not exist yet, received one that contains "
          + "files; choose another --output, or replace that run with --overwrite")
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
      #expect(throws: TrainingError.notARun(path: folder)) {
        try RunFolder(checking: folder, overwrite: true)
      }
      for overwrite in [false, true] {
        #expect(throws: TrainingError.outputIsFile(path: folder + "/file")) {
          try RunFolder(checking: folder + "/file", overwrite: overwrite)
        }
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

  /// The newest, and the one of the least validation loss.
  @Test func checkpointsStayAsManyAsWanted() throws {
    try inFolder { folder in
      let owner = try makeRun(folder + "/run")
      let data = try TrainingData(training: smallExamples(count: 5), validation: nil)
      let recorder = try RunRecorder(owner, recipe: "r", environment: environment(data), keep: 3)
      let losses = [5.0, 3, 4, 6, 7, 8, 9, 9, 9, 9, 9, 9]
      _ = try train(smallRecipe(epochs: 12), training: smallExamples(count: 5)) { event, _ in
        guard case .epoch(let report) = event else { return try recorder.record(event) }
        let line = report.line.replacing(
          "\"samples", with: "\"validation\":{\"loss\":\(losses[report.epoch - 1])},\"samples")
        try recorder.record(.epoch(#require(EpochReport(line: line))))
      }
      #expect(
        try contents(owner.folder.checkpoints) == [
          "epoch-0002.safetensors", "epoch-0010.safetensors", "epoch-0011.safetensors",
          "epoch-0012.safetensors",
        ])
    }
  }

  @Test func metricsGrowALineAnEpoch() throws {
    try inFolder { folder in
      let owner = try makeRun(folder + "/run")
      let run = owner.folder
      let recipe = try smallRecipe(epochs: 3, latent: true)
      let data = try TrainingData(
        training: smallExamples(count: 5), validation: smallExamples(count: 3))
      let recorder = try RunRecorder(
        owner, recipe: "r", environment: environment(data), keep: 1)
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

/// A folder after several processes, kills and full disks.
@Suite struct RunOwnerTests {
  /// Runs that begin beside each other do not sweep each other's new folders away.
  @Test func manyAtOnce() throws {
    try inFolder { folder in
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 200) { number in
        do {
          let run = RunFolder("\(folder)/run-\(number)")
          _ = try RunOwner.create(run, recipe: "r", environment: "{}")
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count == 200)
    }
  }

  private func create(_ path: String, isNumbered: Bool = false) throws -> RunOwner {
    try RunOwner.create(
      RunFolder(path), recipe: "r", environment: "{}", isNumbered: isNumbered)
  }

  /// If several runs want the same name, one gets it; the others get the next, or an error.
  @Test func namesAreClaimed() throws {
    try inFolder { folder in
      let first = try create(folder + "/run", isNumbered: true)
      let second = try create(folder + "/run", isNumbered: true)
      #expect(first.folder.path == folder + "/run")
      #expect(second.folder.path == folder + "/run-2")
      #expect(throws: TrainingError.outputExists(path: folder + "/run")) {
        try create(folder + "/run")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names == ["run", "run-2"])
    }
  }

  @Test func oneWriterAtATime() throws {
    try inFolder { folder in
      let run = RunFolder(folder + "/run")
      do {
        let owner = try create(run.path)
        #expect(FolderLock.isHeld(run.path))
        #expect(throws: TrainingError.isTraining(path: run.path)) { try RunOwner.takeUp(run) }
        #expect(throws: TrainingError.isTraining(path: run.path)) {
          try RunOwner.overwrite(run, recipe: "n", environment: "{}")
        }
        withExtendedLifetime(owner) {}
      }
      #expect(!FolderLock.isHeld(run.path))
      _ = try RunOwner.takeUp(run)
    }
  }

  /// `--overwrite` removes the files of the run, by name.
  @Test func overwritingLeavesWhatIsNotTheRuns() throws {
    try inFolder { folder in
      let run = try create(folder + "/run").folder
      for path in [
        "notes.txt", "weights.safetensors", "images/mine.png", "images/samples-epoch-0001.png",
        "checkpoints/epoch-0001.safetensors", "checkpoints/.epoch-0002.safetensors.12-0",
      ] {
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(run.path)/\(path)"))
      }
      _ = try RunOwner.overwrite(run, recipe: "new", environment: "{}")
      func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      }
      #expect(
        try names(run.path)
          == ["checkpoints", "environment.json", "images", "notes.txt", "recipe.yaml"])
      #expect(try names(run.images) == ["mine.png"])
      #expect(try names(run.checkpoints).isEmpty)
      #expect(try String(contentsOfFile: run.recipe, encoding: .utf8) == "new")
    }
  }

  /// A link to a folder stays a link.
  @Test func linksAreFollowed() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/there", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: folder + "/there")
      _ = try create(folder + "/link")
      #expect(RunFolder(folder + "/there").isRun)
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link")
          == folder + "/there")
    }
  }

  @Test func halfMadeFoldersAreSwept() throws {
    try inFolder { folder in
      let half = folder + "/.run.new-1-0"
      try FileManager.default.createDirectory(
        atPath: half + "/images", withIntermediateDirectories: true)
      try Data("r".utf8).write(to: URL(fileURLWithPath: half + "/recipe.yaml"))
      _ = try create(folder + "/run")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run"])
    }
  }

  /// Only whole lines count, and those beyond the state that is gone on from go.
  @Test func linesAreKeptWhole() throws {
    try inFolder { folder in
      let path = folder + "/lines"
      try Data("one\ntwo\nthree\nfo".utf8).write(to: URL(fileURLWithPath: path))
      let log = try LineLog(path, keeping: 2)
      log.append("drei")
      try log.sync()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\ndrei\n")
      try Data("one\ntw".utf8).write(to: URL(fileURLWithPath: path))
      _ = try LineLog(path, keeping: 9)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\n")
    }
  }

  /// A line of numbers that no run has is none.
  @Test(arguments: [
    ("\"epoch\":3", "\"epoch\":1e300"), ("\"epoch\":3", "\"epoch\":1.5"),
    ("\"step\":12", "\"step\":-1e19"), ("PerSecond\":5", "PerSecond\":1e300"),
    ("PerSecond\":5", "PerSecond\":-5"),
  ])
  func linesAreOfRuns(old: String, new: String) {
    let line =
      #"{"epoch":3,"step":12,"train":{"loss":0.5},"samplesPerSecond":5,"seconds":1}"#
    #expect(EpochReport(line: line)?.step == 12)
    #expect(EpochReport(line: line.replacing(old, with: new)) == nil)
  }

  @Test func linesWaitForRoom() throws {
    let log = try LineLog("/dev/full")
    log.append("x")
    #expect(log.failure == .diskFull(path: "/dev/full", byteCount: 2))
    #expect(throws: ReportError.self) { try log.sync() }
  }
}
