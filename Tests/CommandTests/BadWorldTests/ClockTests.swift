import Foundation
import TestProgram
import Testing

/// A clock that jumps by years, before and during runs.
@Suite struct ClockTests {
  private static let year = 31_557_600

  private func environment(years: Int, every: Int? = nil) throws -> [String: String] {
    [
      "LD_PRELOAD": try Program.library("JumpingClock"),
      "JUMPING_CLOCK_SECONDS": "\(years * Self.year)", "AEGPU_LAUNCHER": "/nowhere/aegpu",
    ].merging(every.map { ["JUMPING_CLOCK_EVERY": "\($0)"] } ?? [:]) { $1 }
  }

  private func train(_ recipe: String = "simple", device: String = "cpu") -> [String] {
    [
      "train", recipe, "--data", "digits", "--limit", "64", "--batch-size", "16", "--epochs", "6",
      "--device", device,
    ]
  }

  private static let devices = ["cpu"] + (Program.hasOpenCL ? ["0"] : [])

  /// Times are those of a clock that only runs on, and the bits are the same.
  @Test(arguments: devices, [-40, 40]) func whileItTrains(device: String, years: Int) throws {
    let program = try Program()
    let usual = try program.start(train(device: device) + ["--output", "usual"]).wait()
    #expect(usual.code == 0)
    for every in [1, 7] {
      let run = "run-\(every)"
      let outcome = try program.start(
        train(device: device) + [
          "--output", run, "--format", "json", "--tensorboard", "--log-steps", "2",
        ],
        environment: environment(years: years, every: every)
      ).wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains(#/-\d/#), "\(outcome.errors)")
      let fields = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let seconds = try #require(fields["seconds"] as? Double)
      #expect(seconds > 0 && seconds < 60)
      #expect(try program.text("\(run)/metrics.jsonl").contains(#/"seconds":[0-9.e-]+}/#))
      for line in try program.text("\(run)/metrics.jsonl").split(separator: "\n") {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect((object?["seconds"] as? Double).map { $0 > 0 && $0 < 60 } == true, "\(line)")
      }
      #expect(try program.weights(of: run) == program.weights(of: "usual"))
    }
  }

  /// A run goes on at a time before its start.
  @Test func beforeItGoesOn() throws {
    let program = try Program()
    #expect(try program.start(train() + ["--output", "usual"]).wait().code == 0)
    let first = try program.start(
      train() + ["--epochs", "3", "--output", "run"], environment: environment(years: 40)
    ).wait()
    #expect(first.code == 0, "\(first.errors)")
    let resumed = try program.start(
      ["train", "--resume", "run", "--epochs", "6"], environment: environment(years: -40)
    ).wait()
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try program.weights(of: "run") == program.weights(of: "usual"))
    #expect(try program.run("report", "run", "--without-profile", "--device", "cpu").code == 0)
  }

  /// A run of a clock that was ahead is not the newest for ever, and one of a clock that is behind is.
  @Test func theNewestIsTheLastThatBegan() throws {
    let program = try Program()
    func begin(years: Int) throws -> String {
      let before = program.exists("runs") ? try program.contents("runs") : []
      let outcome = try program.start(
        train() + ["--epochs", "1", "--quiet"], environment: environment(years: years)
      ).wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try #require(try program.contents("runs").first { !before.contains($0) })
    }
    func newest(years: Int) throws -> String? {
      let listed = try program.start(["runs"], environment: environment(years: years)).wait()
      #expect(listed.code == 0)
      return listed.output.split(separator: "\n").dropFirst(2).first?.split(separator: " ").first
        .map { String($0.dropFirst("runs/".count)) }
    }
    for years in [40, 0, -40] {
      let run = try begin(years: years)
      #expect(try newest(years: years) == run)
      let evaluated = try program.start(
        ["evaluate", "last", "--device", "cpu", "--format", "json"],
        environment: environment(years: years)
      ).wait()
      #expect(evaluated.output.contains(run), "\(evaluated.output) \(evaluated.errors)")
    }
  }
}
