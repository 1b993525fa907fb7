import Graphs
import Plans
import Recipes
import Testing
import Training

@Suite struct EarlyStoppingTests {
  private let training = smallExamples(count: 17)
  /// So unlike the training examples that learning those soon makes it worse.
  private let validation = smallExamples(count: 4, start: 40)

  private func run(
    _ settings: String, epochs: Int = 60, validates: Bool = true, on device: TestDevice = .reference
  ) throws -> Told {
    let (told, trainer, error) = try train(
      smallRecipe(
        epochs: epochs, more: "earlyStopping: {\(settings)}\npictures: {every: 1000}",
        learningRate: 0.05),
      training: training, validation: validates ? validation : nil, on: device.open())
    if let error { throw error }
    // The device holds what is kept.
    let flat = try trainer.session.store.read(.parameters)
    #expect(flat == told.result?.weights.flat)
    return told
  }

  /// Epoch by epoch, by hand: the run ends `patience` epochs after the last better one.
  @Test(arguments: TestDevice.all) func keepsTheBest(device: TestDevice) throws {
    let told = try run("patience: 3", on: device)
    let losses = told.epochs.map { $0.validation!.loss }
    let best = losses.indices.min { losses[$0] < losses[$1] }!
    let result = try #require(told.result)
    #expect(result.stoppedEarly)
    #expect(result.epoch == best + 1)
    #expect(result.epochs == losses.count)
    #expect(losses.count == best + 1 + 3)
    #expect(losses.count < 60)
    // A run of this many epochs ends at the same weights.
    let short = try run("patience: 100", epochs: best + 1, on: device)
    #expect(short.weights == told.weights)
    #expect(short.result?.stoppedEarly == false)
    // The last epoch is drawn, as ever, and then what is kept.
    #expect(told.pictures.map(\.epoch) == [losses.count, best + 1])
    #expect(told.pictures.last?.reconstructions == short.pictures.last?.reconstructions)
  }

  @Test func betterByMoreThanTheDelta() throws {
    // Nothing is better than the first epoch by so much.
    let told = try run("patience: 4, minimumDelta: 100")
    #expect(told.epochs.count == 5)
    #expect(told.result?.epoch == 1)
  }

  @Test func checkpointsHoldTheBest() throws {
    let told = try run("patience: 3", on: TestDevice.all[1])
    let kept = try #require(told.checkpoints.last)
    let best = try #require(kept.best)
    #expect(best.epoch == told.result?.epoch)
    #expect(best.weights == told.result?.weights)
    #expect(best.weights != kept.weights)
    let back = try Checkpoint(
      Safetensors(bytes: kept.file([:]).bytes, path: "f"),
      store: StoreLayout(
        parameters: kept.weights.layout, momentCount: 2, seed: 0, feeds: [:]), path: "f")
    #expect(back == kept)
  }

  @Test func needsValidation() throws {
    let error = #expect(throws: TrainingError.self) {
      try run("patience: 3", validates: false)
    }
    #expect(
      error?.description
        == "earlyStopping: expected a validation loss, received no validation examples for "
        + "small; set validation to a fraction such as 0.1 or to other data, or leave out "
        + "earlyStopping")
  }

  @Test(arguments: ["{}", "{patience: 0}", "{patience: 2, delta: 1}"])
  func wrongFields(settings: String) {
    #expect(throws: RecipeError.self) { try smallRecipe(more: "earlyStopping: \(settings)") }
  }
}
