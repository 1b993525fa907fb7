import Graphs
import Layers
import Plans
import Recipes
import ReferenceBackend
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  @Test(arguments: TestDevice.all) func equalSeedsGiveEqualBits(device: TestDevice) throws {
    let recipe = try smallRecipe(latent: true)
    let runs = try (0..<2).map { _ in
      try train(
        recipe, training: smallExamples(count: 17), validation: smallExamples(count: 4, start: 17),
        on: device.open()
      ).told
    }
    #expect(runs[0].weights == runs[1].weights)
    #expect(runs[0].epochs.map(\.training) == runs[1].epochs.map(\.training))
    #expect(runs[0].epochs.map(\.validation) == runs[1].epochs.map(\.validation))
    let other = try train(
      smallRecipe(more: "shuffle: false", latent: true), training: smallExamples(count: 17),
      on: device.open()
    ).told
    #expect(other.weights != runs[0].weights)
  }

  @Test func epochsAreCounted() throws {
    let (told, _, error) = try train(
      smallRecipe(epochs: 3), training: smallExamples(count: 17),
      validation: smallExamples(count: 4))
    #expect(error == nil)
    #expect(told.ending == .finished)
    #expect(told.epochs.map(\.epoch) == [1, 2, 3])
    #expect(told.epochs.map(\.step) == [4, 8, 12])
    #expect(told.epoch == 3)
    #expect(told.progress.last?.fraction == 1)
    #expect(told.epochs[2].training.loss < told.epochs[0].training.loss)
    #expect(told.epochs[2].validation!.loss < told.epochs[0].validation!.loss)
  }

  /// With no learning, an epoch's loss is the mean over all examples however they are cut: the
  /// last, smaller batch counts by its size.
  @Test func lastBatchCountsByItsSize() throws {
    let losses = try [17, 5, 1].map { size in
      try train(
        smallRecipe(epochs: 1, batchSize: size, learningRate: 0),
        training: smallExamples(count: 17), validation: smallExamples(count: 17)
      ).told.epochs[0]
    }
    for report in losses {
      #expect(abs(report.training.loss - losses[0].training.loss) < 1e-12)
      #expect(abs(report.validation!.loss - losses[0].training.loss) < 1e-12)
    }
  }

  /// A sum is trained as such and reported per example, the divergence with it.
  @Test func sumsAreReportedPerExample() throws {
    func report(_ reduction: String) throws -> LossReport {
      var recipe = try smallRecipe(epochs: 1, learningRate: 0, latent: true)
      recipe.model.loss.reduction = Reduction(rawValue: reduction)!
      return try train(recipe, training: smallExamples(count: 17)).told.epochs[0].training
    }
    let (sum, mean) = (try report("sum"), try report("batchMean"))
    #expect(abs(sum.loss - mean.loss) < 1e-9)
    #expect(sum.parts.map(\.name) == ["reconstruction", "kl"])
    for (a, b) in zip(sum.parts, mean.parts) { #expect(abs(a.value - b.value) < 1e-9) }
  }

  /// A part of several panels of units that is used twice in a phase: of examples, and of draws.
  @Test(arguments: TestDevice.all.dropFirst()) func phasesGiveEqualBits(device: TestDevice) throws {
    var (_, recipe) = try GoldenRun.load("adversarial")
    recipe.batchSize = 20
    recipe.model.parts[0].layers = [
      .dense(Dense(units: 64, activation: .relu)), .dense(Dense(units: 64)),
    ]
    let weights = try (0..<3).map { _ in
      try train(recipe, training: examples(200, for: recipe), on: device.open()).told.result?
        .weights
    }
    #expect(weights[0] != nil && weights.allSatisfy { $0 == weights[0] })
  }

  /// A phase whose learning rate is too large is named.
  @Test(arguments: TestDevice.all) func divergenceNamesItsPhase(device: TestDevice) throws {
    var (_, recipe) = try GoldenRun.load("adversarial-mixture")
    recipe.model.phases[1].updating = Updating(
      .sgd(momentum: 0, nesterov: false), learningRate: 1e30)
    recipe.model.phases[1].minimises = [
      .term(Term(.squaredError, of: "critic", against: .value(1)))
    ]
    let (told, _, error) = try train(
      recipe, training: examples(17, for: recipe), on: device.open())
    guard case .diverged(let step, let phase?, nil, _)? = error as? TrainingError else {
      Issue.record("expected .diverged, received \(String(describing: error))")
      return
    }
    #expect(phase == "critic" || phase == "fool")
    #expect("\(error!)".contains("at step \(step), phase \(phase); "))
    #expect(told.checkpoints.last?.step == step - 1)
  }

  /// A phase that moves parts between which others lie.
  @Test func scatteredPhases() throws {
    var (_, recipe) = try GoldenRun.load("adversarial")
    recipe.model.phases[2].moves = ["encoder", "critic"]
    let error = #expect(throws: TrainingError.self) {
      try train(recipe, training: examples(17, for: recipe))
    }
    #expect("\(error!)".contains("expected adjacent parts for fool to update"))
  }

  /// A weight that overflows: the step is named, and the weights from before it are kept.
  @Test(arguments: TestDevice.all) func divergenceKeepsTheWeightsFromBefore(
    device: TestDevice
  ) throws {
    // With a learning rate of 1e6 no loss stays finite for long on logits that are squared.
    var recipe = try smallRecipe(epochs: 50, learningRate: 1e6)
    recipe.model.loss.reconstruction = .squaredError
    recipe.optimizer = .sgd(momentum: 0, nesterov: false)
    let (told, trainer, error) = try train(
      recipe, training: smallExamples(count: 17), on: device.open())
    guard case .diverged(let step, nil, let loss, _)? = error as? TrainingError else {
      Issue.record("expected .diverged, received \(String(describing: error))")
      return
    }
    let kept = try #require(told.checkpoints.last)
    #expect(kept.step == step - 1)
    #expect(kept.epochStep == (step - 1) % 4)
    #expect(!kept.weights.flat.contains { !$0.isFinite })
    #expect(try trainer.session.store.read(.parameters) == kept.weights.flat)
    #expect(TrainingError.diverged(step: step, loss: loss).description.contains("at step \(step);"))

    // The same steps without the bad one end at the same weights.
    let (stopped, _, _) = try train(
      recipe, training: smallExamples(count: 17), on: device.open(), stopAfter: step - 1)
    #expect(stopped.checkpoints.last?.weights == kept.weights)
    #expect(stopped.checkpoints.last?.losses == kept.losses)
  }

  @Test func stopsBetweenSteps() throws {
    for steps in [0, 1, 4, 6] {
      let (told, _, error) = try train(
        smallRecipe(
          epochs: 3, more: "checkpoints: {keep: 0}\npictures: {reconstructions: 0}"),
        training: smallExamples(count: 17),
        stopAfter: steps)
      #expect(error == nil)
      #expect(told.ending == .interrupted)
      #expect(told.weights.isEmpty)
      let kept = try #require(told.checkpoints.last)
      #expect(told.checkpoints.count == 1)
      #expect((kept.step, kept.epoch, kept.epochStep) == (steps, steps / 4, steps % 4))
      #expect(kept.losses.count == steps % 4)
    }
  }

  @Test func checkpointsAsOftenAsTheRecipeSays() throws {
    let (told, _, _) = try train(
      smallRecipe(epochs: 5, more: "checkpoints: {every: 2, keep: 1}\npictures: {every: 3}"),
      training: smallExamples(count: 17))
    #expect(told.checkpoints.map(\.epoch) == [2, 4, 5])
    #expect(told.pictures.map(\.epoch) == [3, 5])
  }

  @Test func pictures() throws {
    let examples = smallExamples(count: 17)
    let validation = smallExamples(count: 4, start: 50)
    let (told, _, _) = try train(
      smallRecipe(more: "pictures: {reconstructions: 9, samples: 7}", latent: true),
      training: examples, validation: validation)
    let pictures = try #require(told.pictures.last)
    #expect(pictures.imageShape == [4, 4, 1])
    #expect(pictures.samples?.count == 7 * 16)
    let bytes = try #require(validation.bytes)
    // Four of the nine that were asked for are there.
    let originals = try #require(pictures.reconstructions?.originals)
    #expect(originals.count == 4 * 16)
    for (original, byte) in zip(originals, bytes) {
      #expect(abs(original - Float(byte) / 255) < 1e-6)
    }
    #expect(pictures.reconstructions!.reconstructions.allSatisfy { $0 > 0 && $0 < 1 })
    // The same codes after every epoch, decoded by other weights.
    #expect(told.pictures[0].samples != told.pictures[1].samples)
  }

  @Test func noPicturesOfWhatIsNoImage() throws {
    let (told, _, _) = try train(
      smallRecipe(inputs: 15), training: smallExamples(count: 17, features: 15))
    #expect(told.pictures.isEmpty)
    #expect(told.epochs.count == 2)
  }

  /// Without validation, pictures show training examples, and the order of the next epoch is its
  /// own.
  @Test func picturesOfTrainingExamplesDisturbNothing() throws {
    let with = try train(smallRecipe(epochs: 3), training: smallExamples(count: 17)).told
    let without = try train(
      smallRecipe(epochs: 3, more: "pictures: {reconstructions: 0}"),
      training: smallExamples(count: 17)
    ).told
    #expect(with.pictures.count == 3)
    #expect(without.pictures.isEmpty)
    #expect(with.weights == without.weights)
    #expect(with.epochs[0].validation == nil)
  }
}
