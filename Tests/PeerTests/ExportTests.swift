import Foundation
import Layers
import Recipes
import TestProgram
import Testing

/// Exported models give what the run gives, by the programs that other people run them with.
@Suite(.withPython) struct ExportTests {
  /// A run and its expected results.
  struct Case: Encodable {
    var name: String
    var recipe: String
    /// What the model is given, a file of `export_data.py`.
    var input = "images.npy"
    /// The class of each example, of a conditional model.
    var label: String?
    var labelsEncoder: Bool?
    var variational: Bool?
    var codebook: Bool?
    /// Whether the model card has lines that compute it.
    var isDense = true
    /// How it is trained, and the examples of the comparison.
    var data = ["--data", "images"]
    var split = "test"

    private enum CodingKeys: CodingKey {
      case name, recipe, input, label, labelsEncoder, variational, codebook, isDense
    }

    init(_ name: String, recipe: String? = nil) {
      self.name = name
      self.recipe = recipe ?? name
    }

    /// Of a recipe of the library.
    init(of recipe: String) throws {
      self.init(recipe)
      let model = try RecipeDocument(named: recipe).draft().model
      if case .variational = model.latent { variational = true }
      if case .codebook = model.latent { codebook = true }
      isDense = ![
        "conv", "denoising", "series-conv", "series-gru", "series-lstm", "vae-gan", "vq",
      ].contains(recipe)
      if model.classes != nil { (label, labelsEncoder) = ("labels.npy", true) }
      switch recipe {
      case "table": take("table")
      case "linear-pca": take("points")
      case "series-conv": takeWindows(288)
      case "series-lstm", "series-gru": takeWindows(48)
      default: break
      }
    }

    mutating func take(_ table: String, _ flags: String...) {
      (input, split) = (table + ".npy", "all")
      data = ["--data", table + ".csv", "--validation", "none"] + flags
    }

    private mutating func takeWindows(_ window: Int) {
      (input, split, data) = ("windows-\(window).npy", "all", ["--data", "series.csv"])
    }
  }

  private let program: Program

  init() throws {
    program = try Program()
    try Peers.run("export_data.py", program.folder)
  }

  private func run(_ arguments: [String]) throws {
    let outcome = try program.start(arguments).wait()
    try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
  }

  /// Trains a little, asks the run itself, and exports it.
  private func prepare(_ one: Case) throws {
    let (folder, run) = (one.name, one.name + "/run")
    let device = ["--device", "cpu"]
    try self.run(
      ["train", one.recipe, "--epochs", "1", "--quiet", "--output", run] + one.data + device)
    let shown = ["--split", one.split] + device
    try self.run(["reconstruct", run, "--output", folder + "/reconstruction.npy"] + shown)
    try self.run(["encode", run, "--output", folder + "/code.npy"] + shown)
    if one.codebook == true {
      try self.run(["encode", run, "--indices", "--output", folder + "/indices.npy"] + shown)
    }
    try self.run(
      ["decode", run, "--codes", folder + "/code.npy", "--output", folder + "/decoded.npy"]
        + device)
    try self.run(["export", run, "--output", folder + "/model.onnx"])
    try self.run(["export", run, "--output", folder + "/exported"])
    try self.run(["export", run, "--output", folder + "/card", "--format", "safetensors"])
  }

  private func judge(_ cases: [Case]) throws {
    for one in cases { try prepare(one) }
    try JSONEncoder().encode(cases).write(
      to: URL(fileURLWithPath: program.folder + "/cases.json"))
    try Peers.run("export_models.py", program.folder)
  }

  @Test func everyRecipe() throws {
    try judge(RecipeLibrary.names.map { try Case(of: $0) })
  }

  /// Tables with missing values, weights that do not train, and layers that no recipe has.
  @Test func whatNoRecipeHas() throws {
    var mask = Case("mask", recipe: "table")
    mask.take("gaps", "--missing", "mask")
    var mean = Case("mean", recipe: "table")
    mean.take("gaps", "--missing", "mean")
    var frozen = Case("frozen", recipe: "simple")
    frozen.data += ["--freeze", "encoder"]
    var bytes = Case("bytes", recipe: "simple")
    bytes.input = "bytes.npy"
    bytes.data += [
      "--set", "normalization=none", "--set", "loss.reconstruction=squaredError", "--set",
      "decoder.0.dense.activation=relu",
    ]
    var layers = Case("layers", recipe: "layers.yaml")
    layers.label = "labels.npy"
    layers.labelsEncoder = false
    layers.isDense = false
    try program.write(Self.layers, to: "layers.yaml")
    var activations = Case("activations", recipe: "activations.yaml")
    activations.take("table")
    try program.write(Self.activations, to: "activations.yaml")
    try judge([mask, mean, frozen, bytes, layers, activations])
  }

  /// Dense layers with every activation there is, for the lines of the model card.
  private static let activations = """
    name: activations.yaml
    input: [5]
    normalization: standard
    encoder:
      - batchNorm: {}
      - dense: {units: 9, activation: elu}
      - dense: {units: 9, activation: selu}
      - dense: {units: 9, activation: gelu}
      - dropout: {rate: 0.1}
      - dense: {units: 9, activation: silu}
      - dense: {units: 8, activation: softplus}
    decoder:
      - reshape: {shape: [4, 2]}
      - flatten: {}
      - tiedDense: {activation: leakyRelu}
      - batchNorm: {}
      - activation: sigmoid
      - dense: {units: 9, activation: relu}
      - dense: {units: 5}
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.01}}
    batchSize: 20
    epochs: 1
    """

  private static let layers = """
    name: layers.yaml
    input: [28, 28, 1]
    classes: 10
    normalization: standard
    encoder:
      - conv2D: {filters: 4, size: 3, stride: 2, activation: gelu}
      - batchNorm: {}
      - averagePool2D: {size: 3, stride: 2}
      - penalty: {kind: l1, weight: 0.001, name: small}
      - dropout: {rate: 0.1}
      - reshape: {shape: [49, 4]}
      - conv1D: {filters: 6, size: 3, stride: 2, activation: selu}
      - batchNorm: {}
      - gru: {units: 5, returnSequences: true}
      - lstm: {units: 7}
    decoder:
      - concatenate: label
      - dense: {units: 49, activation: leakyRelu}
      - reshape: {shape: [7, 7, 1]}
      - concatenate: label
      - upsample2D: {factor: 2, interpolation: bilinear}
      - convTranspose2D: {filters: 3, size: 3, stride: 2, activation: silu}
      - activation: softplus
      - conv2D: {filters: 1, size: 1}
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.001}}
    batchSize: 20
    epochs: 1
    """
}
