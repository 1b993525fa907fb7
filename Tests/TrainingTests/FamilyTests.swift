import Datasets
import Graphs
import Layers
import Plans
import Recipes
import ReferenceBackend
import TestSupport
import Testing
import Training

/// Training of recipes with more than plain layers: inputs that the host writes, layer state,
/// noise.
@Suite struct FamilyTests {
  /// Every recipe of the library trains, and all devices find the same losses.
  @Test(arguments: RecipeLibrary.names.filter { $0 != "table" }, TestDevice.all.dropFirst())
  func everyRecipeTrains(name: String, device: TestDevice) throws {
    var recipe = try RecipeDocument(named: name).recipe()
    recipe.epochs = 1
    recipe.batchSize = 2
    (recipe.pictures.every, recipe.pictures.reconstructions) = (1, 2)
    func run(_ backend: any Backend) throws -> Told {
      let (told, _, error) = try train(
        recipe, training: examples(3, for: recipe),
        validation: examples(2, for: recipe, start: 3), on: backend)
      if let error { throw error }
      return told
    }
    let (told, expected) = (try run(device.open()), try run(ReferenceBackend()))
    // Adam divides by its own size what is nearly 0 of two examples' batch normalisation.
    let close = Tolerance(absolute: 1e-5, relative: name == "vae-gan" ? 1e-3 : 1e-4)
    let (found, wanted) = (told.epochs[0], expected.epochs[0])
    #expect(close.accepts(found.training.loss, wanted.training.loss))
    #expect(close.accepts(found.validation!.loss, wanted.validation!.loss))
    let pictures = zip(told.pictures, expected.pictures)
    for (found, wanted) in pictures.compactMap({ ($0.reconstructions!, $1.reconstructions!) }) {
      let looksLike = Tolerance(absolute: 1e-3, relative: 0)
      #expect(
        looksLike.firstDifference(
          found.reconstructions.map(Double.init), wanted.reconstructions.map(Double.init)) == nil)
    }
  }

  /// The training error of the linear recipe is that of the plane through the points that lies
  /// nearest to them: a third of the smallest eigenvalue of their covariance.
  @Test func linearFindsThePlane() throws {
    var recipe = try RecipeDocument(named: "linear-pca").recipe()
    let data = try RunInput(RecipeDocument(named: "linear-pca"), directory: nil).data
    let rows = try #require(data.training.floats).map(Double.init)
    func moment(_ a: Int, _ b: Int) -> Double {
      (0..<100).map { rows[3 * $0 + a] * rows[3 * $0 + b] }.reduce(0, +) / 100
    }
    // The columns have variance 1, so with covariances x, y, z the characteristic polynomial of the
    // matrix less 1 is t³ − (x² + y² + z²) t − 2xyz; Newton from below finds the smallest root.
    let (x, y, z) = (moment(0, 1), moment(0, 2), moment(1, 2))
    var t = -3.0
    for _ in 0..<100 {
      t -=
        (t * t * t - (x * x + y * y + z * z) * t - 2 * x * y * z)
        / (3 * t * t - (x * x + y * y + z * z))
    }
    let best = (1 + t) / 3
    var losses: [Double] = []
    for seed in 0..<10 {
      recipe.seed = UInt64(seed)
      let (told, _, _) = try train(
        recipe, training: data.training, on: TestDevice.all[1].open())
      losses.append(told.epochs.last!.training.loss)
    }
    losses.sort()
    #expect(losses[0] > best * 0.9999)
    #expect((losses[4] + losses[5]) / 2 < best * 1.01)
  }

  // MARK: Normalisation

  /// A network that gives 0 whatever it is given leaves the mean square of its standardised input,
  /// which is 1 over the training examples, and another number over others.
  @Test(arguments: TestDevice.all) func standardised(device: TestDevice) throws {
    let recipe = try RecipeDocument(
      text: """
        {name: z, data: z, input: [16], normalization: standard, initializer: zeros, batchSize: 5,
        encoder: [{dense: {units: 2}}], decoder: [{dense: {units: 16}}], epochs: 1,
        loss: {reconstruction: squaredError}, optimizer: {sgd: {learningRate: 0}}}
        """, source: "z"
    ).recipe()
    let (told, _, _) = try train(
      recipe, training: smallExamples(count: 17), validation: smallExamples(count: 4, start: 17),
      on: device.open())
    #expect(device.tolerance.accepts(told.epochs[0].training.loss, 1))
    #expect(abs(told.epochs[0].validation!.loss - 1) > 1e-3)
    // A person sees the examples as they were, and here the mean for a reconstruction.
    let seen = try #require(told.pictures.last?.reconstructions)
    let originals = try #require(smallExamples(count: 4, start: 17).bytes).map { Double($0) / 255 }
    let close = Tolerance(absolute: 1e-6, relative: 0)
    #expect(close.firstDifference(seen.originals.map(Double.init), originals) == nil)
    let mean = FeatureScaling(
      smallExamples(count: 17), byteScale: 1.0 / 255, shift: true, factor: false
    ).shift
    #expect(close.firstDifference(seen.reconstructions[..<16].map(Double.init), mean) == nil)
  }

  // MARK: Layer state

  private func normalized() throws -> Recipe {
    var recipe = try smallRecipe(epochs: 2)
    recipe.model.encoder.insert(.batchNorm(Layers.BatchNorm(momentum: 0.5)), at: 1)
    return recipe
  }

  @Test(arguments: TestDevice.all) func stateIsKeptAndTakenUp(device: TestDevice) throws {
    let recipe = try normalized()
    let (examples, validation) = (smallExamples(count: 17), smallExamples(count: 4, start: 17))
    let (told, trainer, _) = try train(
      recipe, training: examples, validation: validation, on: device.open())
    let names = told.weights.map(\.name)
    #expect(names.suffix(2) == ["encoder.1.runningMean", "encoder.1.runningVariance"])
    let store = trainer.plans.store
    let file = Safetensors(tensors: told.weights)
    let weights = try Weights(
      file, layout: store.parameters, stateLayout: store.state, path: "f")
    #expect(weights.state.contains { $0 != 0 && $0 != 1 })

    // Another run that begins with them, with learning rate 0, has the same validation loss.
    var still = recipe
    (still.learningRate, still.epochs) = (0, 1)
    let batchNorm = Layers.BatchNorm(momentum: (1.0).nextDown)
    still.model.encoder[1] = .batchNorm(batchNorm)
    let again = try train(
      still, training: examples, validation: validation, on: device.open(), from: .weights(weights)
    ).told
    let expected = try #require(told.epochs.last?.validation?.loss)
    #expect(device.tolerance.accepts(again.epochs[0].validation!.loss, expected))

    let kept = try #require(told.checkpoints.last)
    let back = try Checkpoint(
      Safetensors(bytes: kept.file([:]).bytes, path: "f"), store: store, path: "f")
    if device.name != "reference" { #expect(back == kept) }

    let error = #expect(throws: TrainingError.self) {
      try Weights(
        Safetensors(tensors: told.weights.dropLast()), layout: store.parameters,
        stateLayout: store.state, path: "f")
    }
    #expect(error?.description.contains("missing encoder.1.runningVariance") == true)
  }

  // MARK: Noise

  /// With no learning the noise alone makes the difference: training draws it anew at each step,
  /// validation the same after every epoch, and what is judged is the clean example.
  @Test(arguments: ["gaussian: {deviation: 0.5}", "masking: {rate: 0.5}"])
  func denoisingIsJudgedOnSeededNoise(corruption: String) throws {
    func epochs(_ more: String) throws -> [EpochReport] {
      try train(
        smallRecipe(epochs: 2, more: more, learningRate: 0), training: smallExamples(count: 17),
        validation: smallExamples(count: 17)
      ).told.epochs
    }
    let noisy = try epochs("corruption: {\(corruption)}")
    let clean = try epochs("")
    #expect(noisy[0].training != noisy[1].training)
    #expect(noisy[0].validation == noisy[1].validation)
    #expect(noisy[0].validation != clean[0].validation)
    #expect(noisy[0].validation != noisy[0].training)
  }

  /// Pictures can have another noise than training, and have no other effect.
  @Test func picturesHaveTheirOwnNoise() throws {
    func plans(_ more: String) throws -> RunPlans {
      func batches(_ feed: Feed) -> FeedBatches {
        FeedBatches(
          feed, exampleCount: 5, elementType: .uint8, batchSize: 5, byteScale: 1.0 / 255)
      }
      return try RunPlans(
        smallRecipe(more: more), training: batches(.training), validation: batches(.validation),
        drawsPictures: true)
    }
    func noises(_ plan: Plan?) throws -> [Noise] {
      try #require(plan).steps.compactMap {
        if case .noise(let noise) = $0.op { noise } else { nil }
      }
    }
    let corruption = "corruption: {gaussian: {deviation: 0.5}}"
    let trained = Noise(mean: 0, deviation: 0.5, range: 0...1)
    let plain = try plans(corruption)
    #expect(try noises(plain.pictures.reconstruction?.plan) == [trained])
    let other = try plans(
      corruption + "\npictures: {corruption: {gaussian: {mean: 3, deviation: 10, clip: false}}}")
    #expect(
      try noises(other.pictures.reconstruction?.plan) == [Noise(mean: 3, deviation: 10, range: nil)]
    )
    #expect(try noises(other.training.full) == [trained])
    #expect(try noises(other.evaluation?.full) == [trained])
  }
}
