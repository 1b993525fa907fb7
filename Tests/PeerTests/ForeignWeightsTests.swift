import TestProgram
import Testing

/// Weights with the names and layouts of PyTorch and Keras make the network that they are of.
@Suite(.withPython) struct ForeignWeightsTests {
  @Test func computesTheSame() throws {
    let program = try Program()
    try Peers.run("foreign_weights.py", "write", program.folder)
    let device = ["--device", "cpu"]
    func run(_ arguments: [String]) throws -> Outcome {
      let outcome = try program.start(arguments + device).wait()
      try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
      return outcome
    }
    for name in try program.text("names.txt").split(separator: "\n") {
      for (convention, said) in [("pytorch", "PyTorch"), ("keras", "Keras")] {
        let own = "\(name)-\(convention)"
        let trained = try run([
          "train", "\(name).yaml", "--data", "\(name).npy", "--validation", "none", "--output",
          own, "--learning-rate", "0", "--init-from", "\(own).safetensors",
        ])
        #expect(
          trained.errors.contains(
            "\(own).safetensors: \(said) names, layers matched in "
              + "order ("))
        _ = try run(["encode", own, "--output", "\(own)-code.npy"])
        _ = try run(["reconstruct", own, "--output", "\(own)-reconstruction.npy"])
      }
    }
    try Peers.run("foreign_weights.py", "compare", program.folder)
  }
}
