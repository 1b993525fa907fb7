import Foundation
import TestProgram
import Testing

/// The OpenCL calls of a long run, counted by a preloaded library.
@Suite(.enabled(if: Program.hasOpenCL)) struct OpenCLCountTests {
  /// - Parameter after: the launch at which the first counts are taken.
  private func count(_ recipe: String, epochs: Int, after: Int = 100) throws -> OpenCLReport {
    let program = try Program()
    let file = program.folder + "/counts.json"
    let library = try Program.library("OpenCLCounter")
    // 1000 examples in batches of 64: 15 full batches and one of 40, with pictures and checkpoints.
    let outcome = try program.start(
      [
        "train", recipe, "--device", "0", "--data", "digits", "--limit", "1000", "--batch-size",
        "64", "--epochs", "\(epochs)", "--output", "run",
      ],
      environment: [
        "LD_PRELOAD": library, "OPENCL_COUNTER_FILE": file, "OPENCL_COUNTER_AFTER": "\(after)",
        // No second process that compiles: it would write its counts, too.
        "AEGPU_LAUNCHER": "/nowhere/aegpu",
        // The check before training is not counted.
        "AEGPU_CHECK": "0",
      ]
    ).wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(
      OpenCLReport.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
  }

  /// From the first epoch to the last nothing is created, released or bound but events where there
  /// are two queues, of which as many are given back. What is drawn after the last has plans of its
  /// own; at the very end nothing is left.
  @Test(arguments: [("dense", 100, 700, 12), ("vae", 150, 900, 12), ("conv", 800, 1600, 3)])
  func createsNothingAfterTheFirstSteps(
    _ recipe: String, first: Int, last: Int, epochs: Int
  ) throws {
    let early = try #require(try count(recipe, epochs: epochs, after: first).after)
    let report = try count(recipe, epochs: epochs, after: last)
    let late = try #require(report.after)
    #expect(early.program.launches == first && late.program.launches == last)
    for (then, later) in zip(early.program.lasting, late.program.lasting) {
      #expect(later.created == then.created && later.retained == then.retained)
      #expect(later.released == 0)
    }
    #expect(late.program.arguments == early.program.arguments)
    #expect(late.alive == early.alive)
    #expect((late.program.event.created > early.program.event.created) == (recipe == "conv"))
    #expect(late.program.kernel.created > 0 && late.program.buffer.created > 0)
    // CLBlast makes a kernel on every call; on a CPU device it is not asked.
    #expect(report.end.clblast.buffer.created == 0)
    #expect(report.end.alive.values.allSatisfy { $0 == 0 }, "\(report.end.alive)")
  }

  /// Twice the epochs: twice the launches, and waits only as many as there are readings and epochs.
  @Test func waitsOnlyToRead() throws {
    let (short, long) = (try count("dense", epochs: 8).end, try count("dense", epochs: 16).end)
    let launches = long.program.launches - short.program.launches
    let waits = long.program.waits - short.program.waits
    // An epoch has 16 steps of four launches. What it waits for: losses, the picture, the
    // checkpoint.
    #expect(launches >= 8 * 16 * 4)
    #expect(waits <= 8 * 16, "\(waits) waits in 8 epochs of 16 steps")
    #expect(long.program.buffer.created == short.program.buffer.created)
    #expect(long.program.event.created == short.program.event.created)
  }
}
