import TestProgram
import Testing

/// Event files, read by TensorBoard.
@Suite(.withPython) struct TensorBoardTests {
  /// A resumed run has the events of its earlier epochs, too.
  @Test func isRead() throws {
    let program = try Program()
    func train(_ more: String...) throws {
      let outcome = try program.start(["train"] + more + ["--tensorboard", "--quiet"]).wait()
      try #require(outcome.code == 0, "\(outcome.errors)")
    }
    try train(
      "vae", "--data", "digits", "--limit", "200", "--epochs", "2", "--device", "cpu",
      "--output", "run")
    let folder = program.folder + "/run"
    #expect(try Peers.run("events.py", folder).hasPrefix("2 "))
    try train("--resume", "run", "--epochs", "5", "--log-steps", "2")
    #expect(try Peers.run("events.py", folder).hasPrefix("5 "))
    try train(
      "vae", "--data", "digits", "--limit", "200", "--epochs", "1", "--device", "cpu",
      "--output", "run", "--overwrite")
    #expect(try Peers.run("events.py", folder).hasPrefix("1 "))
  }
}
