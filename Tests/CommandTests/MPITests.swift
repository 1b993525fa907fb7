import Foundation
import TestProgram
import Testing

/// Training in several processes, by each MPI library that is installed.
@Suite(.serialized) struct MPITests {
  /// A library's launcher.
  enum Launcher: String, CaseIterable, Sendable {
    case openMPI = "/usr/bin/mpirun.openmpi"
    case mpich = "/usr/bin/mpirun.mpich"

    static let installed = allCases.filter {
      FileManager.default.isExecutableFile(atPath: $0.rawValue)
    }

    /// More processes than cores, also as root in a container.
    var arguments: [String] {
      self == .openMPI ? ["--allow-run-as-root", "--oversubscribe"] : []
    }
  }

  fileprivate static let data = [
    "--data", "digits", "--limit", "256", "--validation", "0.15", "--batch-size", "32",
  ]
  fileprivate static let plain = [
    "--device", "cpu", "--set", "pictures={reconstructions: 0, samples: 0}",
  ]

  /// Starts `count` ranks, or one process alone.
  private func start(
    _ program: Program, _ launcher: Launcher, ranks count: Int, _ arguments: [String],
    patience: Int = 60
  ) throws -> Program.Running {
    // The kernels are checked by other tests.
    let environment = [
      "AEGPU_CHECK": "0", "OMP_NUM_THREADS": "1", "AEGPU_TEST_PATIENCE": "\(patience)",
    ]
    guard count > 1 else { return try program.start(arguments, environment: environment) }
    return try program.start(
      launcher.arguments + ["-np", "\(count)", Program.path] + arguments, by: launcher.rawValue,
      environment: environment)
  }

  private func train(
    _ program: Program, _ launcher: Launcher, ranks count: Int, _ recipe: String, _ output: String,
    _ more: String...
  ) throws -> Outcome {
    try start(
      program, launcher, ranks: count,
      ["train", recipe] + Self.data + Self.plain
        + ["--epochs", "3", "--log-steps", "1", "--output", output] + more
    ).wait()
  }

  /// The losses of all steps or epochs of a run, with their parts.
  private func losses(_ program: Program, _ file: String) throws -> [[Double]] {
    try program.text(file).split(separator: "\n").map { line in
      let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let parts = [fields, fields["train"], fields["validation"]].compactMap {
        $0 as? [String: Any]
      }
      let times: Set = ["seconds", "samplesPerSecond"]
      return parts.flatMap { part in
        part.sorted { $0.key < $1.key }.filter { !times.contains($0.key) }
          .compactMap { $0.value as? Double }
      }
    }
  }

  /// The largest difference, relative where values are above 1.
  private func difference(_ a: some Sequence<[Double]>, _ b: some Sequence<[Double]>) -> Double {
    zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) / max(abs($0), 1) } }.max() ?? .infinity
  }

  /// Batches of 32 and one of 26, in parts of one, two and four ranks.
  @Test(.enabled(if: !Launcher.installed.isEmpty), arguments: [("vae", 1e-5), ("vq", 1e-3)])
  func losesTheSame(_ recipe: String, tolerance: Double) throws {
    let program = try Program()
    func check(_ launcher: Launcher, ranks count: Int) throws {
      let name = "\(launcher)-\(count)"
      let outcome = try train(program, launcher, ranks: count, recipe, name)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("run ") } == 1)
      let steps = try ["alone", name].map { try losses(program, "\($0)/steps.jsonl").prefix(20) }
      #expect(steps.allSatisfy { $0.count == 20 } && difference(steps[0], steps[1]) < 1e-6)
      let epochs = try ["alone", name].map { try losses(program, "\($0)/metrics.jsonl") }
      #expect(epochs.allSatisfy { $0.count == 3 })
      #expect(difference(epochs[0], epochs[1]) < tolerance)
      #expect(try program.text("\(name)/environment.json").contains("\"ranks\" : \(count)"))
    }
    #expect(try train(program, Launcher.installed[0], ranks: 1, recipe, "alone").code == 0)
    #expect(try !program.text("alone/environment.json").contains("\"ranks\""))
    for launcher in Launcher.installed {
      for count in [2, 4] { try check(launcher, ranks: count) }
    }
  }

  @Test(arguments: Launcher.installed) func orderedGivesTheSameBits(_ launcher: Launcher) throws {
    let program = try Program()
    for output in ["a", "b"] {
      #expect(
        try train(program, launcher, ranks: 3, "dense", output, "--exchange", "ordered").code == 0)
    }
    #expect(try program.weights(of: "a") == program.weights(of: "b"))
  }

  /// A rank is interrupted: all stop after the same step. Then one is killed: the others end within
  /// ten seconds. Each time training goes on, with other numbers of ranks, to the weights of a run
  /// without interruption.
  @Test(arguments: Launcher.installed) func goesOn(_ launcher: Launcher) throws {
    let program = try Program()
    let more = ["--epochs", "20", "--set", "checkpoints.every=1"]
    #expect(
      try program.start(
        ["train", "simple", "--output", "whole"] + Self.data + Self.plain + more
      ).wait().code == 0)
    var command = ["train", "simple", "--output", "run"] + Self.data + Self.plain + more
    for (count, signal) in [(3, SIGINT), (2, SIGKILL)] {
      let running = try start(program, launcher, ranks: count, command)
      let before = try epochs(program)
      while running.process.isRunning, try epochs(program) < before + 3 { usleep(2000) }
      let ranks = try self.ranks(of: running)
      #expect(ranks.count == count)
      let started = Date()
      kill(try #require(ranks.last), signal)
      let outcome = try running.wait()
      #expect(Date().timeIntervalSince(started) < 10)
      #expect(outcome.code != 0)
      while !ranks.allSatisfy(hasEnded), Date().timeIntervalSince(started) < 10 { usleep(5000) }
      #expect(ranks.allSatisfy(hasEnded))
      if signal == SIGINT {
        #expect(outcome.errors.contains("to continue, run aegpu train --resume run\n"))
        #expect(try program.text("run/environment.json").contains("\"interrupted\""))
      }
      command = ["train", "--resume", "run"]
    }
    let last = try start(program, launcher, ranks: 4, command).wait()
    #expect(last.code == 0, "\(last.errors)")
    let metrics = try ["whole", "run"].map { try losses(program, "\($0)/metrics.jsonl") }
    #expect(metrics[0].count == 20 && metrics[1].count == 20)
    #expect(difference(metrics[0], metrics[1]) < 1e-4)
  }

  /// A rank is stopped, as by a network that is down: the first rank says that it waits, and goes on
  /// afterwards.
  @Test(arguments: Launcher.installed) func saysThatItWaits(_ launcher: Launcher) throws {
    let program = try Program()
    let running = try start(
      program, launcher, ranks: 2,
      ["train", "simple", "--output", "run", "--epochs", "20"] + Self.data + Self.plain,
      patience: 1)
    while running.process.isRunning, try epochs(program) < 3 { usleep(2000) }
    let last = try #require(ranks(of: running).last)
    kill(last, SIGSTOP)
    usleep(3_000_000)
    kill(last, SIGCONT)
    let outcome = try running.wait()
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("aegpu: train: rank 0 has waited 1 s for the other ranks; if "))
  }

  private func epochs(_ program: Program) throws -> Int {
    (try? program.text("run/metrics.jsonl").split(separator: "\n").count) ?? 0
  }

  /// The processes of the program under a launcher.
  private func ranks(of running: Program.Running) throws -> [pid_t] {
    func children(_ process: pid_t) -> [pid_t] {
      let text = try? String(
        contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
      let own = (text ?? "").split(separator: " ").compactMap { pid_t($0) }
      return own + own.flatMap(children)
    }
    return children(running.process.processIdentifier).filter { process in
      let program = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(process)/exe")
      return program.map { URL(fileURLWithPath: $0).lastPathComponent } == "aegpu"
    }
  }

  /// Also if nobody has asked for its exit code yet.
  private func hasEnded(_ process: pid_t) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")) == nil
  }

  /// One sentence, and not one of each rank.
  @Test(arguments: Launcher.installed) func failures(_ launcher: Launcher) throws {
    let program = try Program()
    try program.write("", to: "file")
    func sentences(_ arguments: [String]) throws -> [String] {
      let outcome = try start(
        program, launcher, ranks: 3, ["train", "dense"] + Self.data + Self.plain + arguments
      ).wait()
      #expect(outcome.code != 0)
      let found = outcome.errors.split(separator: "\n").map(String.init).filter {
        $0.hasPrefix("aegpu: ") && !$0.hasPrefix("aegpu: AEGPU_CHECK")
      }
      #expect(found.count == 1, "\(outcome.errors)")
      return found
    }
    #expect(
      try sentences(["--batch-size", "2"])
        == ["aegpu: batchSize: expected at least one example for each of 3 ranks, received 2"])
    #expect(
      try sentences(["--output", "file"]).map { $0.prefix(13) } == ["aegpu: file: "])
    #expect(
      try sentences(["--exchange", "slow"]).map { $0.prefix(44) }
        == ["aegpu: The value 'slow' is invalid for '--ex"])
    #expect(
      try sentences(["--learning-rate", "1e30", "--output", "diverged"]).map { $0.prefix(27) }
        == ["aegpu: training: expected a"])
  }
}

extension MPITests {
  /// The disk is full for the rank that writes: it says so, and all ranks end.
  @Test(.enabled(if: FullDisk.isPossible), arguments: Launcher.installed)
  func oneRankFails(_ launcher: Launcher) throws {
    let program = try Program()
    let script = """
      mkdir disk && mount -t tmpfs -o size=2m aegpu disk && exec "$@"
      """
    let outcome = try program.start(
      ["-m", "bash", "-c", script, "bash", launcher.rawValue] + launcher.arguments
        + ["-np", "3", Program.path, "train", "dense", "--output", "disk/run", "--quiet"]
        + Self.data + Self.plain,
      by: "/usr/bin/unshare", environment: ["AEGPU_CHECK": "0", "OMP_NUM_THREADS": "1"]
    ).wait(seconds: 60)
    #expect(outcome.code == 1)
    let sentences = outcome.errors.split(separator: "\n").filter { $0.contains("full disk") }
    #expect(sentences.count == 1 && sentences[0].hasPrefix("aegpu: rank 0: "), "\(outcome.errors)")
  }
}

/// What is seen without MPI.
@Suite struct RankPlanTests {
  @Test func planOfRanks() throws {
    let program = try Program()
    let alone = try program.run("plan", "dense", "--data", "digits")
    #expect(alone.code == 0 && !alone.output.contains("allReduce"))
    let ranks = try program.run("plan", "dense", "--data", "digits", "--ranks", "4")
    #expect(ranks.code == 0)
    #expect(ranks.output.split(separator: "\n").count { $0.contains("allReduce") } == 1)
    let launched = try program.start(
      ["plan", "dense", "--data", "digits"],
      environment: ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "4"]
    ).wait()
    #expect(launched.output == ranks.output)
    let other = try program.start(
      ["plan", "dense", "--data", "digits"],
      environment: ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4"]
    ).wait()
    #expect(other.code == 0 && other.output.isEmpty)
  }

  /// The variables of a launcher, and nobody to join.
  @Test(.enabled(if: MPITests.Launcher.installed.contains(.openMPI), "needs Open MPI"))
  func nobodyToJoin() throws {
    let program = try Program()
    let outcome = try program.start(
      ["train", "dense", "--data", "digits", "--limit", "64", "--device", "cpu"],
      environment: ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "4"]
    ).wait()
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "aegpu: expected 4 ranks, as the launcher says, received 1 by Open MPI; start with the "
        + "launcher of that library, or set AEGPU_MPI to openmpi or mpich\n")
  }
}
