import Graphs
import Layers
import Recipes
import Testing

/// The recipes of the tutorials, and the fields that they brought.
@Suite struct FamilyTests {
  /// Of the recipes that results have been published for; others need no count.
  static let parameterCounts = [
    "linear-pca": 17, "simple": 50_992, "deep": 222_384, "dense": 473_636, "stacked": 561_934,
    "tied": 281_734, "tied-tanh": 286_640, "latent2d": 219_598, "vae": 205_604, "conv": 28_353,
    "denoising": 28_353, "series-conv": 9_505, "adversarial": 4_581_787, "beta": 961_604,
    "conditional": 660_824, "vae-gan": 272_962, "series-lstm": 12_705, "series-gru": 9_729,
    "iwae": 425_284, "infovae": 961_604, "wae": 955_992, "vq": 144_705,
    // With 30 columns.
    "table": 8_126,
  ]

  /// What layers of some recipes store in addition to their weights.
  private static let states = [
    "vq": ["codebook.codes", "codebook.counts", "codebook.sums"],
    "vae-gan": ["features.2.runningMean", "features.2.runningVariance"],
  ]

  static func recipe(_ name: String, _ overrides: [String: String] = [:]) throws -> Recipe {
    var document = try RecipeDocument(named: name)
    if document.followsData { try document.resolve(input: [30]) }
    for (path, value) in overrides { try document.set(path, to: value) }
    return try document.recipe()
  }

  /// The error of `dense` with `path` set to `value`.
  private func message(_ path: String, _ value: String, in name: String = "dense") -> String {
    do {
      _ = try Self.recipe(name, [path: value])
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: parameterCounts.keys.sorted()) func parameters(_ name: String) throws {
    let model = try Self.recipe(name).model
    #expect(
      try model.parameters().map(\.shape.count).reduce(0, +) == Self.parameterCounts[name])
    #expect(try model.states().map(\.name) == Self.states[name] ?? [])
  }

  @Test(arguments: RecipeLibrary.names)
  func everyRecipeReads(_ name: String) throws {
    let recipe = try Self.recipe(name)
    #expect(recipe.name == name)
    #expect(!RecipeLibrary.summary(of: name).isEmpty)
    #expect(try !recipe.model.parameters().isEmpty)
    var document = try RecipeDocument(named: name)
    if document.followsData { try document.resolve(input: [30]) }
    #expect(try RecipeDocument(text: document.text(), source: name).recipe() == recipe)
  }

  @Test func namesAndShapes() throws {
    func shapes(_ name: String) throws -> [String: Shape] {
      let parameters = try Self.recipe(name).model.parameters()
      return Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.shape) })
    }
    #expect(
      try shapes("tied") == [
        "encoder.0.weight": [784, 300], "encoder.0.bias": [300],
        "encoder.1.weight": [300, 150], "encoder.1.bias": [150],
        "decoder.0.bias": [300], "decoder.1.bias": [784],
      ])
    #expect(
      try shapes("conv") == [
        "encoder.0.weight": [3, 3, 1, 32], "encoder.0.bias": [32],
        "encoder.1.weight": [3, 3, 32, 32], "encoder.1.bias": [32],
        "decoder.0.weight": [3, 3, 32, 32], "decoder.0.bias": [32],
        "decoder.1.weight": [3, 3, 32, 32], "decoder.1.bias": [32],
        "decoder.2.weight": [3, 3, 32, 1], "decoder.2.bias": [1],
      ])
  }

  @Test func settingsOfTheTable() throws {
    let stacked = try Self.recipe("stacked")
    #expect(stacked.model.loss.l2 == 0.001)
    for parameter in try stacked.model.parameters() {
      let isWeight = parameter.name.hasSuffix("weight")
      #expect(parameter.initializer == (isWeight ? .he(.truncatedNormal) : .zeros))
    }
    let tanh = try Self.recipe("tied-tanh")
    #expect(tanh.model.normalization == .mean && tanh.model.loss.reduction == .sum)
    let denoising = try Self.recipe("denoising")
    #expect(
      denoising.model.corruption == .gaussian(mean: 0, deviation: 0.5, clip: true))
    #expect(try Self.recipe("conv").model.encoder == denoising.model.encoder)
    let points = try Self.recipe("linear-pca")
    #expect(points.preparation == .none && points.batchSize == 100 && points.learningRate == 0.01)
  }

  @Test func theTutorialsNormalWeights() throws {
    let normal = "{normal: {mean: 0, deviation: 1}}"
    let recipe = try Self.recipe(
      "latent2d", ["initializer": normal, "biasInitializer": normal])
    for parameter in try recipe.model.parameters() {
      #expect(parameter.initializer == .normal(mean: 0, deviation: 1))
    }
  }

  @Test func everyLayerReads() throws {
    let text = """
      name: all
      data: digits
      input: [28, 28, 1]
      corruption:
        masking: {rate: 0.25}
      encoder:
        - conv2D: {filters: 4, size: 3, stride: 2, activation: selu}
        - batchNorm: {momentum: 0.9, epsilon: 0.01}
        - activation: leakyRelu
        - averagePool2D: {size: 2, stride: 1, padding: valid}
        - dropout: {rate: 0.1}
        - maxPool2D: {size: 3}
        - flatten: {}
        - dense: {units: 8, activation: sigmoid, biasInitializer: {normal: {deviation: 0.1}}}
      decoder:
        - maskingNoise: {rate: 0.1}
        - dense: {units: 98, activation: gelu}
        - gaussianNoise: {deviation: 0.2}
        - reshape: {shape: [7, 7, 2]}
        - convTranspose2D: {filters: 3, size: 3, stride: 2, activation: silu}
        - upsample2D: {factor: 2, interpolation: bilinear}
        - conv2D: {filters: 1, size: 1}
      loss:
        reconstruction: squaredError
        l1: 0.001
        codeL1: 0.01
        sparsity: {target: 0.05, weight: 2}
      optimizer:
        adamW: {learningRate: 0.001, decay: 0.02}
      schedule:
        warmUp: 1.5
        decay:
          cosine: {epochs: 20, floor: 0.1}
      clipping: {norm: 1}
      batchSize: 32
      epochs: 20
      """
    let recipe = try RecipeDocument(text: text, source: "all").recipe()
    #expect(recipe.model.corruption == .masking(rate: 0.25))
    #expect(recipe.model.encoder.count == 8 && recipe.model.decoder.count == 7)
    #expect(
      recipe.optimizer == .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.02))
    #expect(recipe.clipping == .norm(1))
    #expect(
      recipe.schedule == LearningRateSchedule(.cosine(epochs: 20, floor: 0.1), warmUp: 1.5))
    #expect(recipe.model.loss.sparsity == SparsityPenalty(target: 0.05, weight: 2))
    #expect(
      try recipe.model.states().map(\.name) == [
        "encoder.1.runningMean", "encoder.1.runningVariance",
      ])
  }

  @Test func errorsNameLineExpectedAndReceived() {
    #expect(
      message("encoder.1", "{dance: {units: 3}}").contains(
        "encoder[1]: expected one of dense, tiedDense, conv2D,"))
    #expect(
      message("encoder.1.dense.units", "0").contains(
        "encoder[1].dense.units: expected a whole number from 1 to 2147483647, or input, received 0"
      ))
    #expect(
      message("encoder.0.dense.initializer", "he").contains(
        "expected one of zeros, ones, glorotUniform"))
    #expect(
      message("encoder.0.dense.unit", "3").contains(
        "expected one of units, activation, initializer, biasInitializer, received"))
    #expect(
      message("encoder.0", "{flatten: {to: 3}}").contains(
        "encoder[0].flatten.to: expected no fields here, received a field of another name"))
    #expect(
      message("corruption", "{gaussian: {deviation: -1}}").contains(
        "corruption.gaussian.deviation: expected a number from 0, or {from: 0, to: 1, epochs: 10}, "
          + "received -1"))
    #expect(
      message("loss.sparsity", "{target: 1, weight: 1}").contains(
        "loss.sparsity.target: expected a number between 0 and 1, received 1"))
    #expect(
      message("loss.sparsity", "{target: 0.1, weight: 1}").contains(
        "loss.sparsity: expected an encoder that ends with a sigmoid, whose mean activation the "
          + "sparsity penalty controls, received one that ends with identity"))
    #expect(
      message("clipping", "{norm: 0}").contains(
        "clipping.norm: expected a number above 0, received 0"))
  }

  /// Layers that do not fit name the one at fault, with its line in the file.
  @Test func misfitsNameTheLayer() throws {
    let text = try #require(RecipeLibrary.text(named: "dense"))
      .replacing("  - dense: {units: 784}", with: "  - dense: {units: 785}")
    let document = try RecipeDocument(text: text, source: "mine.yaml")
    let line = try #require(text.split(separator: "\n").firstIndex { $0.contains("785") }) + 1
    #expect(
      throws: RecipeError.field(
        source: "mine.yaml", line: line, path: "decoder[2]",
        expected: "an output of the input's shape [1, 784] for decoder", received: "[1, 785]")
    ) { try document.recipe() }
    #expect(
      message("encoder.0", "{conv2D: {filters: 3, size: 3}}").contains(
        "encoder[0]: expected images [N, H, W, C] (add a reshape before it) for conv2D, "
          + "received [1, 784]"))
    #expect(
      message("encoder.1", "{tiedDense: {}}").contains(
        "encoder[1]: expected as many dense layers in the encoder as tied layers for tiedDense"))
  }
}
