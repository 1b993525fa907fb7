import Foundation
import TestProgram
import Testing

/// A run's weights are read by the package that defines their format.
@Suite(.withPython) struct WeightsTests {
  @Test func readByTheirOwnPackage() throws {
    let program = try Program()
    let outcome = try program.run(
      "train", "linear-pca", "--device", "cpu", "--epochs", "1", "--output", "run")
    try #require(outcome.code == 0, "\(outcome.errors)")
    let lines = try Peers.run("weights.py", program.folder + "/run/weights.safetensors")
      .split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    #expect(
      lines.map { $0[0] } == [
        "decoder.0.bias", "decoder.0.weight", "encoder.0.bias", "encoder.0.weight",
      ])
    #expect(lines[1][1].hasPrefix("float32 [2, 3] "))
    #expect(lines[3][1].hasPrefix("float32 [3, 2] "))
  }
}
