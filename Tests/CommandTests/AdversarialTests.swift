import Foundation
import TestProgram
import Testing

/// A model with several phases from the command line: output, files, resuming and pictures.
@Suite struct AdversarialTests {
  private static let train = [
    "train", "adversarial", "--data", "digits", "--limit", "200", "--batch-size", "20", "--device",
    "cpu", "--set", "pictures.every=9", "--set", "encoder=[{dense: {units: 2}}]", "--set",
    "decoder=[{dense: {units: 784, activation: sigmoid}}]", "--set",
    "parts.0.layers=[{dense: {units: 8, activation: tanh}}, {dense: {units: 1}}]",
    "--set", "prior=swissRoll", "--validation", "0.2",
  ]

  @Test func trainsAndIsUsed() throws {
    let program = try Program()
    let trained = try program.start(Self.train + ["--epochs", "2", "--output", "run"]).wait()
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(
      trained.errors.contains(#/epoch 2/2  loss 0\.\d+; critic \d\.\d+, fool \d\.\d+  validation/#),
      "\(trained.errors)")
    let lines = try program.text("run/metrics.jsonl").split(separator: "\n")
    for line in lines {
      let fields = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      for part in ["train", "validation"] {
        let losses = try #require(fields[part] as? [String: Double])
        #expect(Set(losses.keys) == ["loss", "reconstruction", "critic", "fool"])
        #expect(losses["loss"] == losses["reconstruction"])
      }
    }
    #expect(try program.text("run/images/latent.csv").hasPrefix("x,y,label\n"))

    // The same numbers, of the same draws of the prior.
    let judged = try program.run("evaluate", "run", "--device", "cpu", "--format", "json")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(judged.output.utf8)) as? [String: Any])
    let last = try #require(
      JSONSerialization.jsonObject(with: Data(lines.last!.utf8)) as? [String: Any])
    let validation = try #require(last["validation"] as? [String: Double])
    #expect(
      report["phases"] as? [String: Double] == [
        "critic": validation["critic"]!, "fool": validation["fool"]!,
      ])

    // Samples come from the prior, without a note about a fitted mixture.
    let sampled = try program.run(
      "sample", "run", "--count", "3", "--device", "cpu", "--output", "s.npy")
    #expect(sampled.errors == "aegpu: 3 samples, in s.npy\n")
    #expect(
      try program.run(
        "bench", "run/recipe.yaml", "--device", "cpu", "--windows", "1", "--seconds", "0.01"
      ).code == 0)
    #expect(
      try program.run("profile", "run/recipe.yaml", "--device", "cpu", "--runs", "1").output
        .contains("critic: product"))
    let plan = try program.run("plan", "run/recipe.yaml")
    for phase in ["reconstruct", "critic", "fool"] {
      #expect(plan.output.contains("\(phase) plan of adversarial"))
    }
  }

  /// The same weights and metrics as in one go.
  @Test func goesOn() throws {
    let program = try Program()
    for (name, epochs) in [("whole", "3"), ("run", "1")] {
      let trained = try program.start(Self.train + ["--epochs", epochs, "--output", name]).wait()
      #expect(trained.code == 0, "\(trained.errors)")
    }
    let resumed = try program.run("train", "--resume", "run", "--epochs", "3")
    #expect(resumed.code == 0, "\(resumed.errors)")
    func losses(_ run: String) throws -> [String] {
      try program.text("\(run)/metrics.jsonl").split(separator: "\n").map {
        String($0.prefix { _ in true }.split(separator: ",\"samplesPerSecond").first!)
      }
    }
    #expect(try losses("run") == losses("whole"))
  }
}
