import Datasets
import Plans
import Recipes
import Training

/// What a training will take on a device, from some of its own steps there.
package struct Forecast: Hashable, Sendable, Codable {
  package let recipe: String
  package let device: String
  package let deviceName: String
  package let epochs: Int
  package let stepsPerEpoch: Int
  package let secondsPerStep: Double
  /// Of an epoch; 0 without validation.
  package let validationSeconds: Double
  /// Training and validation, without pictures and checkpoints.
  package let secondsPerEpoch: Double
  package let seconds: Double
  /// Of all buffers: weights, gradients, moments, examples, and the plans' results.
  package let deviceBytes: Int
  /// Of these, the examples.
  package let exampleBytes: Int
  /// What is read from the files of the examples in each epoch; `nil` if they are in memory.
  package let bytesReadPerEpoch: Int?
  package let checkpointBytes: Int
  /// Of the run folder, without pictures: the checkpoints that are kept, and the weights.
  package let diskBytes: Int

  /// Trains for some seconds; nothing is written.
  package init(
    _ recipe: Recipe, _ data: TrainingData, on backend: any Backend,
    memory: MemoryLimit = .free, seconds: Double = 2
  ) throws {
    let plans = try RunPlans(recipe, data)
    let trainer = try Trainer(recipe, data, plans: plans, on: backend, memory: memory)
    let batches = plans.training.batches
    (self.recipe, epochs, stepsPerEpoch) = (recipe.name, recipe.epochs, batches.stepCount)
    (device, deviceName) = (backend.device.identifier, backend.device.name)
    secondsPerStep = try trainer.secondsPerStep(within: seconds)
    validationSeconds = try trainer.validationSeconds(within: seconds)
    secondsPerEpoch = Double(stepsPerEpoch) * secondsPerStep + validationSeconds
    self.seconds = Double(epochs) * secondsPerEpoch
    deviceBytes = backend.memory.byteCount
    exampleBytes = plans.store.feeds.values.map(\.examples.byteCount).reduce(0, +)
    let stored = [data.training, data.validation].compactMap { $0?.stored?.storedByteCount }
    bytesReadPerEpoch = stored.isEmpty ? nil : stored.reduce(0, +)
    let moments = plans.store.groups.map { $0.momentCount * $0.range.count }.reduce(0, +)
    let weights = 4 * (plans.store.parameters.parameterCount + plans.store.state.count)
    let best = recipe.earlyStopping == nil ? 0 : weights
    checkpointBytes = weights + 4 * moments + best
    diskBytes = recipe.checkpoints.keep * checkpointBytes + weights
  }
}

extension Trainer {
  /// The duration of a step, with what an epoch needs at its beginning.
  fileprivate func secondsPerStep(within window: Double) throws -> Double {
    let start = ContinuousClock.now
    var marks: [(step: Int, seconds: Double)] = []
    func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    // The first steps are slow: drivers compile, caches are empty.
    func settled() -> ArraySlice<(step: Int, seconds: Double)> {
      marks.drop { $0.seconds < window / 4 }
    }
    func isEnough() -> Bool { elapsed() >= window && settled().count >= 2 }
    while !isEnough() {
      let isWhole = try trainEpoch(since: start, shouldStop: isEnough) { event in
        if case .progress = event { marks.append((step, elapsed())) }
      }
      if isWhole { endEpoch() }
    }
    let (first, last) = (settled().first!, settled().last!)
    return (last.seconds - first.seconds) / Double(last.step - first.step)
  }

  /// The duration of a validation; 0 if there is none.
  fileprivate func validationSeconds(within window: Double) throws -> Double {
    guard let evaluation else { return 0 }
    // Drivers compile in the first run.
    _ = try evaluation.run(shouldStop: { true })
    let start = ContinuousClock.now
    var looks = 0
    let report = try evaluation.run(shouldStop: {
      looks += 1
      return (ContinuousClock.now - start) / .seconds(1) >= window
    })
    let taken = (ContinuousClock.now - start) / .seconds(1)
    guard report == nil else { return taken }
    let done = Double(looks * Evaluation.stepsBetweenLooks)
    return taken * Double(evaluation.stepCount) / done
  }
}
