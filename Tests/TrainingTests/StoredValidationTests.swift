import Datasets
import Recipes
import TestFolders
import TestSupport
import Testing
import Training

/// Examples that stay in their files where they are not trained on: those of a validation, and those
/// that a trained model evaluates; and the classes of those that are.
@Suite(.serialized) struct StoredValidationTests {
  private static let pictures = "pictures: {reconstructions: 20, every: 1}"

  private func classed(_ examples: Examples) -> Examples {
    examples.with(labels: (0..<examples.count).map { Int32($0 * 7 % 3) })
  }

  /// The same losses and pictures, noise included.
  @Test(arguments: TestDevice.all, [false, true])
  func validatesAsFromMemory(on device: TestDevice, latent: Bool) throws {
    let folder = try TemporaryFolder()
    for type in ["|u1", "<f8"] {
      let stored = try StoredExamples.make(
        type, rows: StoredExamples.evaluatedCount, in: folder)
      var recipe = try smallRecipe(more: Self.pictures, latent: latent)
      recipe.model.loss.reconstruction = .squaredError
      func told(_ validation: Examples) throws -> Told {
        let (told, _, error) = try train(
          recipe, training: smallExamples(count: 17), validation: validation,
          on: device.open())
        if let error { throw error }
        return told
      }
      let (streamed, resident) = (try told(stored), try told(stored.loaded()))
      #expect(streamed.epochs.count == 2)
      #expect(streamed.epochs.map(\.validation) == resident.epochs.map(\.validation), "\(type)")
      #expect(streamed.pictures == resident.pictures, "\(type)")
      #expect(!streamed.pictures.isEmpty)
    }
  }

  /// Both parts of the same file, as `--validation` holds them out.
  @Test(arguments: TestDevice.all) func streamsBothParts(on device: TestDevice) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make(
      "<f4", rows: StoredExamples.evaluatedCount, in: folder)
    let held = try stored.heldOut(fraction: 0.4, seed: 3)
    let recipe = try smallRecipe(batchSize: 7, more: "shuffle: false")
    let parts = stored.split(holdingOut: held)
    let others = try stored.loaded().split(holdingOut: held)
    let (streamed, _, _) = try train(
      recipe, training: parts.training, validation: parts.validation, on: device.open())
    let (resident, _, _) = try train(
      recipe, training: others.training, validation: others.validation, on: device.open())
    #expect(streamed.epochs.map(\.validation?.loss) == resident.epochs.map(\.validation?.loss))
    #expect(streamed.result?.weights == resident.result?.weights)
    #expect(streamed.result != nil)
  }

  /// A network that reads the class of each example.
  @Test(arguments: TestDevice.all) func readsClasses(on device: TestDevice) throws {
    let folder = try TemporaryFolder()
    let stored = classed(
      try StoredExamples.make(
        "|u1", rows: StoredExamples.evaluatedCount, in: folder))
    let recipe = try Self.conditional(shuffles: false)
    func results(_ examples: Examples) throws -> (Told, LossReport) {
      let (told, trainer, error) = try train(
        recipe, training: examples, validation: examples, on: device.open())
      if let error { throw error }
      let model = try TrainedModel(
        recipe, weights: trainer.session.weights(), scaling: trainer.session.scaling,
        shown: examples, on: device.open())
      return (told, try model.losses())
    }
    let (streamed, losses) = try results(stored)
    let (resident, expected) = try results(stored.loaded())
    #expect(streamed.result?.weights == resident.result?.weights)
    #expect(streamed.epochs.map(\.validation) == resident.epochs.map(\.validation))
    #expect(losses == expected)
    // The classes are not ignored.
    let others = try results(stored.with(labels: stored.labels!.map { ($0 + 1) % 3 })).0
    #expect(others.result?.weights != streamed.result?.weights)
  }

  /// A shuffled epoch takes each class with its example: the loss of a model that only reads the class
  /// falls as in memory.
  @Test(arguments: TestDevice.all) func shufflesClassesWithTheirExamples(
    on device: TestDevice
  ) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make("|u1", in: folder)
    // Examples that their class tells.
    let values = (0..<stored.count).flatMap { row in
      [UInt8](repeating: UInt8(row % 3 * 120), count: 16)
    }
    let path = try folder.write(StoredExamples.file("|u1", bytes: values), to: "classes.npy")
    var rows = try StoredExamples.load(path)
    rows = rows.with(labels: (0..<rows.count).map { Int32($0 % 3) })
    let recipe = try Self.conditional(shuffles: true)
    let (told, _, error) = try train(recipe, training: rows, validation: rows, on: device.open())
    if let error { throw error }
    // Without the right class, a code of one number leaves more than this.
    #expect(told.epochs.last!.validation!.loss < 0.01)
  }

  private static func conditional(shuffles: Bool) throws -> Recipe {
    try RecipeDocument(
      text: """
        name: conditional
        data: nowhere
        input: [16]
        classes: 3
        encoder: [{dense: {units: 1}}, {dropout: {rate: 0.99}}]
        decoder: [{concatenate: label}, {dense: {units: 16}}]
        loss: {reconstruction: squaredError, reduction: mean}
        optimizer: {adam: {learningRate: 0.05}}
        batchSize: 7
        epochs: \(shuffles ? 20 : 2)
        seed: 3
        shuffle: \(shuffles)
        pictures: {reconstructions: 0}
        """, source: "conditional"
    ).recipe()
  }

  /// The losses, views and draws of a model are those of examples in memory.
  @Test(arguments: TestDevice.all) func evaluatesAsFromMemory(on device: TestDevice) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make(
      "|u1", rows: StoredExamples.evaluatedCount, in: folder)
    let recipe = try smallRecipe(latent: true)
    let backend = try device.open()
    let trained = try train(recipe, training: smallExamples(count: 17), on: backend).trainer
    func model(_ examples: Examples) throws -> TrainedModel {
      try TrainedModel(
        recipe, weights: trained.session.weights(), scaling: trained.session.scaling,
        shown: examples, on: backend)
    }
    let (streamed, resident) = (try model(stored), try model(stored.loaded()))
    #expect(try streamed.losses() == resident.losses())
    func weights(_ model: TrainedModel) throws -> [Float] {
      var weights: [Float] = []
      try model.logWeights(drawCount: 2) { weights += $1 }
      return weights
    }
    #expect(try weights(streamed) == weights(resident))
    func codes(_ model: TrainedModel) throws -> [Float] {
      var codes: [Float] = []
      try model.encode { codes += $1["code"]! }
      return codes
    }
    let found = try codes(streamed)
    #expect(try found == codes(resident) && found.count == 3 * StoredExamples.evaluatedCount)
    // Views leave other examples in the memory than the evaluation does.
    #expect(try streamed.losses() == resident.losses())
  }

  /// Ranks evaluate parts of the batches, each from its place on.
  @Test(arguments: [2, 3]) func ranksValidateParts(count: Int) throws {
    let folder = try TemporaryFolder()
    let stored = try StoredExamples.make(
      "|u1", rows: StoredExamples.evaluatedCount, in: folder)
    let recipe = try smallRecipe(epochs: 1, batchSize: 7)
    let training = smallExamples(count: 21)
    let device = TestDevice.all[1]
    let alone = try train(
      recipe, training: training, validation: stored, on: device.open()
    ).told.epochs.map(\.validation?.loss)
    let losses = try RankThreads.run(count) { ranks in
      let data = try TrainingData(training: training, validation: stored)
      let plans = try RunPlans(recipe, data, of: ranks.place)
      let trainer = try Trainer(recipe, data, plans: plans, on: device.openOwn(), with: ranks)
      var losses: [Double?] = []
      _ = try trainer.run {
        if case .epoch(let report) = $0 { losses.append(report.validation?.loss) }
      }
      return losses
    }
    for own in losses {
      #expect(own.count == 1)
      #expect(zip(own, alone).allSatisfy { abs($0! - $1!) <= 1e-6 })
    }
  }
}
