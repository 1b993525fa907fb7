import Foundation
import Graphs
import Recipes
import TestProgram
import Testing

/// Every sentence word for word; nothing is written by a run that does not start.
@Suite struct MisuseTests {
  private static let see = " (see aegpu train --help)"

  /// A command line, its exit code, and what it says.
  struct Misuse: Sendable {
    let arguments: [String]
    let code: Int32
    let sentence: String

    init(_ arguments: String..., code: Int32, says sentence: String) {
      self.arguments = ["train"] + arguments
      self.code = code
      self.sentence = sentence
    }
  }

  private static let noCurve =
    "curve3d: expected examples of 784 values for the recipe's input [784], received [3]; "
    + "train the recipe table, which works for any table, or leave input out and give the "
    + "decoder's last "
    + "layer units: input"

  static let misuses = [
    Misuse(
      "dnse", code: 64,
      says:
        "recipe: expected one of \(RecipeLibrary.names.joined(separator: ", ")) or a .yaml file, "
        + "received dnse; did you mean dense?"
    ),
    Misuse(
      "no.yaml", code: 1, says: "recipe no.yaml: expected a readable file, received: no such file"),
    Misuse(
      "--epochs", "0", code: 64, says: "--epochs: expected a whole number from 1, received 0\(see)"),
    Misuse(
      "--seed=-1", code: 64, says: "--seed: expected a whole number from 0, received -1\(see)"),
    Misuse(
      "--learning-rate", "nan", code: 64,
      says: "--learning-rate: expected a number from 0, received nan\(see)"),
    Misuse(
      "--set", "epochs", code: 64, says: "--set: expected key.path=value, received epochs\(see)"),
    Misuse(
      "--set", "encoder.7.dense=1", code: 64,
      says: "--set encoder.7.dense=1: expected key.path=value, received 7, where the list has "
        + "items 0 to 2"),
    Misuse(
      "--set", "batchSize=x", code: 64,
      says: "--set batchSize=x: batchSize: expected a whole number from 1 to 2147483647, received x"
    ),
    Misuse(
      "--set", "optimizer=adam", code: 64,
      says: "--set optimizer=adam: optimizer: expected a mapping, such as "
        + "{adam: {learningRate: 0.001}}, received adam"),
    Misuse(
      "--set", "encoder.0=conv2D", code: 64,
      says: "--set encoder.0=conv2D: encoder[0]: expected a mapping, such as "
        + "{conv2D: {filters: 32, size: 3}}, received conv2D"),
    Misuse(
      "--set", "schedule.decay=cosine", code: 64,
      says: "--set schedule.decay=cosine: schedule.decay: expected a mapping, such as "
        + "{cosine: {epochs: 10}}, received cosine"),
    Misuse(
      "--set", "encoder.0.dense.unit=3", code: 64,
      says:
        "--set encoder.0.dense.unit=3: encoder[0].dense.unit: expected one of units, activation, "
        + "initializer, biasInitializer, received a field of another name; did you mean units?"),
    Misuse(
      "--set", "encoder.0.dense.activation=rleu", code: 64,
      says: "--set encoder.0.dense.activation=rleu: encoder[0].dense.activation: expected one of "
        + "\(Activation.allCases.map(\.rawValue).joined(separator: ", ")), received rleu; did you mean "
        + "relu?"),
    Misuse(
      "--validation", "1.5", code: 64,
      says:
        "--validation 1.5: validation: expected test, none, a fraction between 0 and 1, {last: "
        + "fraction}, or a data set's name or path, received 1.5"),
    Misuse(
      "--set", "pictures.samples=65535", code: 64,
      says:
        "--set pictures.samples=65535: pictures.samples: expected a whole number from 0 to 10000, "
        + "received 65535"),
    Misuse(
      "--log-steps", "0", code: 64,
      says: "--log-steps: expected a whole number from 1, received 0\(see)"),
    Misuse(
      "--device", "gpu", code: 64,
      says: "The value 'gpu' is invalid for '--device <n|cpu|auto>'\(see)"),
    Misuse(
      "--epoch", "3", code: 64, says: "Unknown option '--epoch'. Did you mean '--epochs'?\(see)"),
    Misuse(
      "--data", "fashion", "--device", "cpu", code: 1,
      says:
        "data: expected fashion-mnist, mnist, digits, curve3d, daily, or the path of a folder of IDX "
        + "files, images or CSV files, of an image, or of a .npy, .npz, .csv or .tsv file (file.npz:name "
        + "is one array of an archive), a .safetensors, .h5 or .idx file, or a pattern of files such as "
        + "'logs/*.csv', received fashion; check the spelling or the path"
    ),
    Misuse("--data", "curve3d", "--device", "cpu", code: 1, says: noCurve),
    Misuse(
      "--data", "digits", "--validation", "curve3d", "--device", "cpu", code: 1, says: noCurve),
    Misuse(
      "--data", "digits", "--init-from", "none", "--device", "cpu", code: 1,
      says: "none: expected a file that can be read, received no such file; check the path"),
  ]

  @Test(arguments: misuses) func sentences(misuse: Misuse) throws {
    let program = try Program()
    let outcome = try program.start(misuse.arguments).wait()
    #expect(outcome.code == misuse.code)
    #expect(outcome.errors == "aegpu: \(misuse.sentence)\n")
    #expect(outcome.output == "")
    #expect(try program.contents("") == [])
  }

  @Test func unknownDevice() throws {
    let program = try Program()
    let outcome = try program.run("train", "--data", "digits", "--device", "99")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("aegpu: device: expected one of "))
    #expect(outcome.errors.contains("cpu ("))
    #expect(outcome.errors.contains(", received 99"))
    #expect(try program.contents("") == [])
  }

  @Test func weightsOfAnotherNetwork() throws {
    let program = try Program()
    let first = try program.run(
      "train", "--data", "digits", "--limit", "32", "--epochs", "1", "--device", "cpu", "--output",
      "run")
    #expect(first.code == 0)
    let outcome = try program.run(
      "train", "vae", "--data", "digits", "--init-from", "run/weights.safetensors", "--device",
      "cpu",
      "--output", "other")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "aegpu: run/weights.safetensors: expected the weights of this recipe's network, received "
        + "missing mean.weight, mean.bias, logVariance.weight, logVariance.bias; extra "
        + "decoder.2.bias, decoder.2.weight, encoder.1.bias, encoder.1.weight, encoder.2.bias, "
        + "encoder.2.weight; encoder.0.weight [784, 256], which is [784, 128] in the network; encoder.0.bias "
        + "[256], which is [128] in the network; decoder.0.weight [20, 128], which is [10, 128] in the network; "
        + "decoder.1.weight [128, 256], which is [128, 784] in the network; decoder.1.bias [256], which is "
        + "[784] in the network; use weights of the same network\n")
    #expect(!program.exists("other"))
  }
}
