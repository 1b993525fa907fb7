import Foundation
import Recipes
import TestProgram
import Testing

/// The files of `export`, and its errors. PeerTests run the files.
extension RunCommandTests {
  private func export(_ arguments: String...) throws -> Outcome {
    try program.start(["export"] + arguments).wait()
  }

  @Test func exportsFilesAndFolders() throws {
    let file = try export("dense", "--output", "whole.onnx")
    #expect(file.code == 0 && file.output == "")
    #expect(file.errors == "aegpu: the model, in whole.onnx\n")
    let folder = try export("dense", "--output", "exported")
    #expect(folder.code == 0, "\(folder.errors)")
    #expect(folder.errors == "aegpu: the model, its encoder and its decoder, in exported\n")
    #expect(try program.contents("exported") == ["decoder.onnx", "encoder.onnx", "model.onnx"])
    #expect(try program.data("exported/model.onnx") == program.data("whole.onnx"))

    // A checkpoint; a folder by its slash; the same file again.
    let checkpoint = "dense/checkpoints/epoch-0002.safetensors"
    #expect(try export(checkpoint, "--output", "of.checkpoint/", "--format", "onnx").code == 0)
    #expect(try program.data("of.checkpoint/model.onnx") == program.data("whole.onnx"))
    let again = try export("dense", "--output", "whole.onnx")
    #expect(again.code == 1)
    #expect(
      again.errors == "aegpu: whole.onnx: expected a file or folder that does not exist yet, "
        + "received one that does; choose another --output, or replace it with --overwrite\n")
    #expect(try export("vae", "--output", "exported").code == 1)
    #expect(try export("dense", "--output", "whole.onnx", "--overwrite").code == 0)
    #expect(try export("vae", "--output", "exported", "--overwrite").code == 0)
    #expect(try program.data("exported/model.onnx") != program.data("whole.onnx"))
  }

  /// The weights with their metadata, and a card whose first lines are YAML.
  @Test func exportsSafetensors() throws {
    let outcome = try export("vae", "--output", "card/", "--format", "safetensors")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try program.contents("card") == ["README.md", "config.json", "model.safetensors"])
    #expect(try export("vae", "--output", "card", "--format", "safetensors").code == 1)
    // The file is as good as the run.
    for (name, path) in [("vae", "ofRun.npy"), ("card/model.safetensors", "ofCard.npy")] {
      let outcome = try run("reconstruct", name, "--data", "digits", "--output", path)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    #expect(try program.data("ofRun.npy") == program.data("ofCard.npy"))

    let config = try #require(
      JSONSerialization.jsonObject(with: program.data("card/config.json")) as? [String: Any])
    #expect((config["input"] as? [String: Any])?["shape"] as? [Int] == [784])
    #expect((config["code"] as? [String: Any])?["shape"] as? [Int] == [10])
    #expect((config["normalization"] as? [String: Any])?["kind"] as? String == "unit")
    #expect((config["recipe"] as? [String: Any])?["batchSize"] as? Int == 16)
    #expect(config["epoch"] as? Int == 2)
    #expect((config["classes"] as? [String])?.count == 10)

    let card = try program.text("card/README.md")
    let parts = card.components(separatedBy: "---\n")
    let top = try RecipeDocument(text: parts[1], source: "card").object() as? [String: Any]
    #expect(top?["tags"] as? [String] == ["autoencoder", "safetensors"])
    #expect(top?["license"] == nil && card.contains("# license: none is given; choose one"))
    let index = try #require((top?["model-index"] as? [[String: Any]])?.first)
    let results = try #require((index["results"] as? [[String: Any]])?.first)
    let metrics = try #require(results["metrics"] as? [[String: Any]])
    let line = try #require(program.text("vae/metrics.jsonl").split(separator: "\n").last)
    let report = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let loss = (report?["validation"] as? [String: Double])?["loss"]
    #expect(metrics[0]["name"] as? String == "loss, validation")
    #expect(metrics[0]["value"] as? Double == loss)
    #expect(card.contains("\naegpu train vae --data digits --limit 128 --epochs 2 "))
    #expect(card.contains("\nThe loss is: cross-entropy per example + KL. "))
  }

  /// Weights without the record of their run.
  @Test func exportsWeightsAlone() throws {
    try FileManager.default.createDirectory(
      atPath: program.folder + "/alone", withIntermediateDirectories: true)
    try program.data("dense/weights.safetensors").write(
      to: URL(fileURLWithPath: program.folder + "/alone/some.safetensors"))
    let outcome = try export(
      "alone/some.safetensors", "--output", "aloneCard", "--format", "safetensors")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      try program.text("aloneCard/README.md").contains(
        "Not known: the weights were exported without the record of their run."))
  }

  static let exportRefusals: [Refusal] = [
    Refusal(
      arguments: "nowhere --output never.onnx", code: 1,
      sentence: "nowhere: expected a run folder, a weights or checkpoint file in one, or last; "
        + "found nothing there"),
    Refusal(
      arguments: "dense --output never.onnx --format pickle", code: 64,
      sentence: "The value 'pickle' is invalid for '--format <format>'"),
    Refusal(
      arguments: "dense --output never.pt", code: 64,
      sentence: "--output: expected a name that ends in .onnx, or a folder, received never.pt; "
        + "rename it, or end it with a slash"),
    Refusal(
      arguments: "dense --output never.onnx --format safetensors", code: 64,
      sentence: "--output: expected a folder for the form safetensors, received never.onnx; name "
        + "one, such as exported/"),
    Refusal(
      arguments: "dense --output nowhere/never.onnx", code: 1,
      sentence: "nowhere/never.onnx: expected a folder nowhere, found none; create it first"),
    Refusal(
      arguments: "dense", code: 64, sentence: "Missing expected argument '--output <file|folder>'"),
  ]

  @Test(arguments: exportRefusals) func refusesToExport(_ refusal: Refusal) throws {
    let arguments = refusal.arguments.split(separator: " ").map(String.init)
    let outcome = try program.start(["export"] + arguments).wait()
    #expect(outcome.code == refusal.code)
    #expect(outcome.errors.contains(refusal.sentence), "\(outcome.errors)")
    #expect(!program.exists("never.onnx") && !program.exists("never.pt"))
  }
}
