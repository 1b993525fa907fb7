import Datasets
import Graphs
import Layers
import Plans
import Recipes
import TestSupport
import Testing
import Training

/// A run resumed from a checkpoint ends like the uninterrupted one, bit for bit.
@Suite struct ResumeTests {
  private static let plain = "pictures: {reconstructions: 0}"

  /// The results of a run: weights, metrics and how it ended.
  private func outcome(_ told: Told) -> [String] {
    told.epochs.map { "\($0.epoch) \($0.step) \($0.training) \(String(describing: $0.validation))" }
      + told.weights.map { "\($0)" } + [
        "\(told.epoch)", "\(String(describing: told.result?.epochs))",
      ]
  }

  /// Stops a run after this many steps, reads its state back from a file, and trains the rest.
  private func resumed(
    _ recipe: Recipe, on device: TestDevice, stopAfter steps: Int
  ) throws -> (first: Told, rest: Told) {
    let (training, validation) = examples(for: recipe)
    let half = try train(
      recipe, training: training, validation: validation, on: device.open(), stopAfter: steps)
    let file = try #require(half.told.checkpoints.last).file([:])
    let back = try Checkpoint(
      Safetensors(bytes: file.bytes, path: "f"), store: half.trainer.plans.store, path: "f")
    let rest = try train(
      recipe, training: training, validation: validation, on: device.open(),
      from: .checkpoint(back))
    return (half.told, rest.told)
  }

  private func examples(for recipe: Recipe) -> (Examples, Examples) {
    (TrainingTests.examples(17, for: recipe), TrainingTests.examples(9, for: recipe, start: 17))
  }

  /// At the beginning, within an epoch, after the last step of one, and in the smaller last batch.
  @Test(arguments: TestDevice.all.dropFirst(), [0, 1, 3, 4, 6, 8, 11])
  func variational(device: TestDevice, steps: Int) throws {
    let recipe = try smallRecipe(epochs: 3, more: Self.plain, latent: true)
    let (training, validation) = examples(for: recipe)
    let whole = try train(
      recipe, training: training, validation: validation, on: device.open()
    ).told
    let (first, rest) = try resumed(recipe, on: device, stopAfter: steps)
    #expect(first.ending == .interrupted && rest.ending == .finished)
    var told = rest
    told.epochs = first.epochs + rest.epochs
    #expect(outcome(told) == outcome(whole))
  }

  /// Each phase's moments and its samples of the prior continue.
  @Test(arguments: TestDevice.all.dropFirst(), [1, 4, 7])
  func phases(device: TestDevice, steps: Int) throws {
    let (_, recipe) = try GoldenRun.load("adversarial-mixture")
    let (training, validation) = examples(for: recipe)
    let whole = try train(
      recipe, training: training, validation: validation, on: device.open()
    ).told
    let (first, rest) = try resumed(recipe, on: device, stopAfter: steps)
    #expect(first.checkpoints.last?.moments.map(\.values.count) == [2, 1, 1])
    var told = rest
    told.epochs = first.epochs + rest.epochs
    #expect(outcome(told) == outcome(whole))
    #expect(told.epochs[0].validation?.phases.map(\.name) == ["critic", "fool"])
  }

  /// Batch statistics, dropout's masks and momentum continue, too.
  @Test(arguments: TestDevice.all.dropFirst(), [2, 5])
  func batchNormAndDropout(device: TestDevice, steps: Int) throws {
    var recipe = try smallRecipe(
      epochs: 2, more: Self.plain + "\nschedule: {decay: {exponential: {epochs: 1, factor: 0.5}}}")
    recipe.model.encoder.insert(.batchNorm(Layers.BatchNorm()), at: 1)
    recipe.model.encoder.insert(.dropout(Layers.Dropout(rate: 0.25)), at: 2)
    recipe.optimizer = .sgd(momentum: 0.9, nesterov: true)
    let (training, validation) = examples(for: recipe)
    let whole = try train(
      recipe, training: training, validation: validation, on: device.open()
    ).told
    let (first, rest) = try resumed(recipe, on: device, stopAfter: steps)
    var told = rest
    told.epochs = first.epochs + rest.epochs
    #expect(outcome(told) == outcome(whole))
  }

  /// Early stopping has waited as long, keeps the same best epoch and stops after the same one.
  @Test(arguments: [4, 6, 9]) func earlyStopping(steps: Int) throws {
    let device = TestDevice.all[1]
    let recipe = try smallRecipe(
      epochs: 9, more: Self.plain + "\nearlyStopping: {patience: 2, minimumDelta: 0.02}")
    let (training, validation) = examples(for: recipe)
    let whole = try train(
      recipe, training: training, validation: validation, on: device.open()
    ).told
    #expect(whole.result?.stoppedEarly == true)
    try #require(whole.epochs.count * 4 > steps)
    let (first, rest) = try resumed(recipe, on: device, stopAfter: steps)
    var told = rest
    told.epochs = first.epochs + rest.epochs
    #expect(outcome(told) == outcome(whole))
  }

  /// More epochs than the run had: the same result as a run with that number from the beginning.
  @Test func raisedEpochs() throws {
    let device = TestDevice.all[1]
    let long = try smallRecipe(epochs: 4, more: Self.plain)
    let short = try smallRecipe(epochs: 2, more: Self.plain)
    let (training, validation) = examples(for: long)
    let whole = try train(long, training: training, validation: validation, on: device.open()).told
    let first = try train(
      short, training: training, validation: validation, on: device.open()
    ).told
    let rest = try train(
      long, training: training, validation: validation, on: device.open(),
      from: .checkpoint(#require(first.checkpoints.last))
    ).told
    #expect(rest.epochs.map(\.epoch) == [3, 4])
    #expect(rest.weights == whole.weights)
    #expect(rest.epochs.map(\.validation) == whole.epochs.suffix(2).map(\.validation))
  }

  /// A checkpoint by steps, within an epoch, does not change the run.
  @Test func checkpointsBySteps() throws {
    let device = TestDevice.all[1]
    let recipe = try smallRecipe(
      epochs: 2, more: Self.plain + "\ncheckpoints: {steps: 3, every: 2}")
    let (training, validation) = examples(for: recipe)
    let whole = try train(
      recipe, training: training, validation: validation, on: device.open()
    ).told
    // The epoch ends after step 12, and its state is kept.
    #expect(whole.checkpoints.map(\.step) == [3, 6, 8])
    #expect(whole.checkpoints.map(\.epochStep) == [3, 2, 0])
    let rest = try train(
      recipe, training: training, validation: validation, on: device.open(),
      from: .checkpoint(whole.checkpoints[1])
    ).told
    #expect(rest.weights == whole.weights)
    #expect(rest.epochs.map(\.training) == whole.epochs.suffix(1).map(\.training))
  }

  /// Where no states are kept, steps make none, either.
  @Test func noCheckpointsWhereNoneAreKept() throws {
    let recipe = try smallRecipe(
      epochs: 2, more: Self.plain + "\ncheckpoints: {steps: 3, keep: 0}")
    let (training, validation) = examples(for: recipe)
    let told = try train(recipe, training: training, validation: validation).told
    #expect(told.checkpoints.isEmpty)
  }
}
