import Foundation
import TestProgram
import Testing

/// Errors of the commands on a run, and their help.
extension RunCommandTests {
  struct Refusal: Sendable {
    let arguments: String
    let code: Int32
    let sentence: String
  }

  static let refusals: [Refusal] = [
    Refusal(
      arguments: "anomalies table --contamination 0.7", code: 64,
      sentence: "--contamination: expected a fraction from 0 to 0.5, received 0.7"),
    Refusal(
      arguments: "anomalies table --quantile 0.5 --threshold 1", code: 64,
      sentence: "expected one of --contamination, --threshold and --quantile"),
    Refusal(
      arguments: "anomalies table --anomalous-label ugly", code: 1,
      sentence: "label: expected one of bad, good, received ugly"),
    Refusal(
      arguments: "interpolate vae --plane", code: 1,
      sentence:
        "--plane: expected a model with a code of 2 numbers, received 10; try --traverse"),
    Refusal(
      arguments: "denoise denoising nothing.png", code: 1,
      sentence:
        "nothing.png: expected an image, a folder of images or a .npy file, found nothing there"),
    Refusal(
      arguments: "interpolate vae --from 64", code: 1,
      sentence: "--from: expected a row of the data from 0 to 63, received 64"),
    Refusal(
      arguments: "interpolate vae --plane --to 3", code: 64,
      sentence: "--plane with none"),
    Refusal(
      arguments: "reconstruct table --output x.png", code: 64,
      sentence: "--output: expected one of the forms csv, npy, json, received png"),
    Refusal(
      arguments: "reconstruct table --output x.parquet", code: 64,
      sentence:
        "--output: expected a name that ends in .csv, .npy, .json, received x.parquet; rename it, or add --format"
    ),
    Refusal(
      arguments: "encode table --data train.csv --split test", code: 1,
      sentence:
        "train.csv: expected test examples, received data without any; use --split train or --split all"
    ),
    Refusal(
      arguments: "encode vae --indices", code: 1,
      sentence:
        "--indices: expected a model with a codebook, received the recipe vae; leave --indices out"),
    Refusal(
      arguments: "decode vae --codes nothing.npy --indices", code: 1,
      sentence: "--indices: expected a model with a codebook, received the recipe vae"),
    Refusal(
      arguments: "sample vq", code: 1,
      sentence:
        "sample: expected a model without a codebook, received the recipe vq"),
    Refusal(
      arguments: "sample vae --prior flat", code: 64,
      sentence: "flat"),
    Refusal(
      arguments: "sample vae --temperature=-1", code: 64,
      sentence: "--temperature: expected a number from 0, received -1.0"),
  ]

  @Test(arguments: refusals) func refuses(_ refusal: Refusal) throws {
    let arguments = refusal.arguments.split(separator: " ").map(String.init)
    let outcome = try program.start(arguments + ["--device", "cpu"]).wait()
    #expect(outcome.code == refusal.code)
    #expect(outcome.errors.contains(refusal.sentence), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("aegpu: "))
    #expect(outcome.output == "")
    #expect(!program.exists("x.png") && !program.exists("x.parquet"))
  }

  /// Codes of another model.
  @Test func refusesOtherCodes() throws {
    #expect(try run("encode", "dense", "--output", "twenty.npy").code == 0)
    let outcome = try run("decode", "vae", "--codes", "twenty.npy", "--output", "never.npy")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "aegpu: twenty.npy: expected codes of 10 numbers, as this model has, "
        + "received rows of 20 numbers; make them with encode\n")
    #expect(!program.exists("never.npy"))
  }

  /// Each says what it does, with an example to type.
  @Test(arguments: [
    "evaluate", "encode", "decode", "reconstruct", "sample", "interpolate", "denoise", "anomalies",
    "export",
  ]) func helps(verb: String) throws {
    let help = try Program().run(verb, "--help")
    #expect(help.code == 0)
    #expect(help.output.contains("  aegpu \(verb) last"))
    #expect(help.output.contains("USAGE: aegpu \(verb) "))
  }
}
