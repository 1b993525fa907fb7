import Datasets
import Glibc
import Graphs
import Layers
import Recipes
import ReferenceBackend
import TestSupport
import Testing
import Training

/// The results of a trained model, without a trainer.
@Suite struct TrainedModelTests {
  private static let plain = "pictures: {reconstructions: 0}"

  /// A model after two epochs, and the trainer that made it.
  private func trained(
    _ recipe: Recipe, on device: TestDevice = .reference
  ) throws -> (model: TrainedModel, told: Told, trainer: Trainer) {
    let training = examples(17, for: recipe)
    let shown = examples(9, for: recipe, start: 17)
    let backend = try device.open()
    let (told, trainer, error) = try train(
      recipe, training: training, validation: shown, on: backend)
    if let error { throw error }
    let model = try TrainedModel(
      recipe, weights: trainer.session.weights(), scaling: trainer.session.scaling, shown: shown,
      training: training, on: backend)
    return (model, told, trainer)
  }

  /// Equals the last epoch's validation loss to the last bit, noise included.
  @Test(arguments: TestDevice.all, [false, true])
  func lossesAreThoseOfTraining(device: TestDevice, latent: Bool) throws {
    let recipe = try smallRecipe(more: Self.plain, latent: latent)
    let (model, told, _) = try trained(recipe, on: device)
    #expect(try model.losses() == told.epochs.last?.validation)
    #expect(model.session.layout.groups.allSatisfy { $0.momentCount == 0 })
    #expect(model.count(of: .validation) == 9 && model.count(of: .training) == 17)
  }

  /// Codes that it encoded are decoded to what it reconstructs; rows are the input's.
  @Test(arguments: TestDevice.all, ["unit", "standard"])
  func decodesWhatItEncoded(device: TestDevice, normalization: String) throws {
    var recipe = try smallRecipe(more: Self.plain + "\nnormalization: \(normalization)")
    if normalization == "standard" { recipe.model.loss.reconstruction = .squaredError }
    let (model, _, _) = try trained(recipe, on: device)
    for feed in Feed.allCases {
      var (codes, originals, whole, decoded): ([Float], [Float], [Float], [Float]) = (
        [], [], [], []
      )
      var places: [Range<Int>] = []
      try model.encode(feed) { codes += $1["code"]! }
      try model.reconstruct(feed) { rows, batch in
        places.append(rows)
        originals += batch["original"]!
        whole += batch["reconstruction"]!
      }
      try model.decode(codes) { decoded += $0 }
      let count = model.count(of: feed)
      #expect(codes.count == 3 * count && places == [0..<count])
      let bytes = examples(count, for: recipe, start: feed == .training ? 0 : 17).bytes!
      for (value, byte) in zip(originals, bytes) { #expect(abs(value - Float(byte) / 255) < 1e-5) }
      #expect(decoded.count == whole.count)
      for (one, other) in zip(decoded, whole) { #expect(abs(one - other) < 1e-5) }
    }
  }

  /// Some rows are those rows of all.
  @Test func looksAtSomeRows() throws {
    let (model, _, _) = try trained(smallRecipe(more: Self.plain, latent: true))
    var (all, some): ([Float], [Float]) = ([], [])
    try model.encode { all += $1["code"]! }
    try model.encode(rows: 3..<5) { some += $1["code"]! }
    #expect(some == Array(all[9..<15]))
  }

  /// Log-variances with means, and logits with probabilities.
  @Test func outputsBeside() throws {
    let (model, _, _) = try trained(smallRecipe(more: Self.plain, latent: true))
    try model.encode { #expect($1["logVariance"]?.count == $1["code"]?.count) }
    try model.reconstruct(outputs: ["logits", "reconstruction"]) { _, batch in
      for (logit, value) in zip(batch["logits"]!, batch["reconstruction"]!) {
        #expect(abs(value - 1 / (1 + exp(-logit))) < 1e-6)
      }
      #expect(batch["original"] == nil)
    }
  }

  /// A denoising model is given examples as they are, or what it trained on.
  @Test func corruptsOnlyWhereAsked() throws {
    let recipe = try smallRecipe(more: Self.plain + "\ncorruption: {masking: {rate: 0.9}}")
    let (model, _, _) = try trained(recipe)
    var (clean, corrupted): ([Float], [Float]) = ([], [])
    try model.reconstruct { clean += $1["reconstruction"]! }
    try model.reconstruct(isCorrupted: true, outputs: ["reconstruction", "corrupted"]) { _, batch in
      corrupted += batch["reconstruction"]!
      #expect(batch["corrupted"]!.count { $0 == 0 } > 9 * 16 / 2)
    }
    #expect(clean != corrupted)
    var (codes, decoded): ([Float], [Float]) = ([], [])
    try model.encode { codes += $1["code"]! }
    try model.decode(codes) { decoded += $0 }
    // Codes were rounded to 32 bits in between.
    for (one, other) in zip(decoded, clean) { #expect(abs(one - other) < 1e-6) }
  }

  /// Codes alone need no examples.
  @Test(arguments: TestDevice.all) func decodesWithoutExamples(device: TestDevice) throws {
    let (model, _, trainer) = try trained(smallRecipe(more: Self.plain), on: device)
    let alone = try TrainedModel(
      model.recipe, weights: trainer.session.weights(), scaling: trainer.session.scaling,
      on: device.open())
    let codes = (0..<3 * 1003).map { Float($0 % 17) / 5 - 1 }
    var (one, many): ([Float], [Float]) = ([], [])
    // More than a batch: the last one is not full.
    try alone.decode(codes) { many += $0 }
    #expect(many.count == 1003 * 16)
    try model.decode(Array(codes.suffix(3))) { one += $0 }
    for (a, b) in zip(one, many.suffix(16)) { #expect(abs(a - b) < 1e-6) }
  }
}
