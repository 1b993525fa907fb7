import Datasets
import Graphs
import Layers
import Plans
import Randoms
import Recipes

/// Drives a backend through a training run. It knows no file, terminal or clock time of day: what
/// happens goes to a callback.
///
/// Everything that can be refused (memory, kernels, weights) is so when it is made; `run` only
/// runs.
package final class Trainer {
  package enum Ending: Hashable, Sendable {
    case finished
    /// Asked to stop, between two steps.
    case interrupted
  }

  package let recipe: Recipe
  package let plans: RunPlans
  let imageShape: [Int]?
  /// What the network's examples are shifted and multiplied by, taken of those that train.
  let scaling: FeatureScaling
  /// The memory of the run, for whoever looks closer than events do.
  package let store: any Store
  package let training: Executables
  let evaluation: Executables?
  let reconstruction: (any Executable)?
  let sampling: (any Executable)?

  /// Epochs and steps that are done.
  var epoch = 0
  var step = 0
  var watch: Recipe.EarlyStopping.Watch?
  var pace = ReadingPace()
  let clock = ContinuousClock()

  /// Prepares every plan, loads the examples and sets the first weights.
  /// - Parameter weights: `nil` for those that the recipe's seed draws.
  package init(
    _ recipe: Recipe, _ data: TrainingData, plans: RunPlans, on backend: any Backend,
    weights: Weights? = nil
  ) throws {
    self.recipe = recipe
    self.plans = plans
    imageShape = data.training.imageShape
    watch = recipe.earlyStopping.map { Recipe.EarlyStopping.Watch($0) }
    let store = try backend.makeStore(plans.store)
    self.store = store
    let normalization = recipe.model.normalization
    let scaling = FeatureScaling(
      data.training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor)
    self.scaling = scaling
    func prepare(_ plan: Plan) throws -> any Executable {
      let executable = try store.prepare(plan)
      for (name, id) in plan.inputs { try executable.write(scaling.inputs[name]!, to: id) }
      return executable
    }
    training = try Executables(plans.training, prepare)
    evaluation = try plans.evaluation.map { try Executables($0, prepare) }
    reconstruction = try plans.pictures.reconstruction.map(prepare)
    sampling = try plans.pictures.sampling.map(prepare)
    try store.load(ExampleElements(data.training), into: .training)
    if let validation = data.validation {
      try store.load(ExampleElements(validation), into: .validation)
    }
    try write(weights ?? Weights(plans, seed: recipe.seed))
    try store.finish()
  }

  /// Trains all epochs of the recipe.
  /// - Parameters:
  ///   - shouldStop: asked before each step.
  ///   - handle: told what happens; what it throws ends the run.
  /// - Throws: `TrainingError.diverged` after the checkpoint from before that step was handed over.
  package func run(
    shouldStop: () -> Bool = { false }, handle: (TrainingEvent) throws -> Void
  ) throws -> Ending {
    let start = clock.now
    var isLast = epoch >= recipe.epochs
    while !isLast {
      let epochStart = clock.now
      guard let means = try trainEpoch(since: start, shouldStop: shouldStop, handle: handle) else {
        return .interrupted
      }
      let trainingSeconds = seconds(since: epochStart)
      let validation = try evaluate(handle: handle)
      if let validation { try watch?.note(epoch: epoch, loss: validation.loss, weights: weights) }
      isLast = epoch == recipe.epochs || watch?.stops == true
      let elapsed = seconds(since: start)
      try handle(
        .epoch(
          EpochReport(
            epoch: epoch, step: step, training: means.report, validation: validation,
            samplesPerSecond: Double(means.exampleCount) / max(trainingSeconds, 1e-9),
            seconds: seconds(since: epochStart),
            secondsLeft: elapsed / Double(epoch) * Double(recipe.epochs - epoch))))
      if isLast || epoch % recipe.pictures.every == 0, let pictures = try pictures(ofEpoch: epoch) {
        try handle(.pictures(pictures))
      }
      if isLast || epoch % recipe.checkpoints.every == 0, recipe.checkpoints.keep > 0 {
        try handle(.checkpoint(checkpoint()))
      }
    }
    try handle(.finished(result(handle: handle)))
    return .finished
  }

  /// What training leaves: the best epoch's weights, which are then those on the device, too, where
  /// early stopping looked for them.
  private func result(handle: (TrainingEvent) throws -> Void) throws -> TrainingEvent.Result {
    if let best = watch?.best, best.epoch != epoch {
      try write(best.weights)
      if best.epoch % recipe.pictures.every != 0, let pictures = try pictures(ofEpoch: best.epoch) {
        try handle(.pictures(pictures))
      }
    }
    return TrainingEvent.Result(
      weights: try weights(), epoch: watch?.best?.epoch ?? epoch, epochs: epoch,
      stoppedEarly: epoch < recipe.epochs)
  }

  /// How the matrix products of training and evaluation are computed, each shape once.
  package var productChoices: [ProductChoice] {
    var seen: Set<ProductChoice> = []
    return [training, evaluation].compactMap(\.self).flatMap(\.productChoices)
      .filter { seen.insert($0).inserted }
  }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (clock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  func weights() throws -> Weights {
    Weights(
      layout: plans.store.parameters, flat: try store.read(.parameters),
      stateLayout: plans.store.state, state: try readState())
  }

  /// A store without layer state has no buffer for it.
  private func readState() throws -> [Double] {
    plans.store.state.count == 0 ? [] : try store.read(.state)
  }

  private func write(_ weights: Weights) throws {
    try store.write(weights.flat, to: .parameters)
    if !weights.state.isEmpty { try store.write(weights.state, to: .state) }
  }

  /// The state as it is now.
  /// - Parameter epochStep: steps of the current epoch that are in the weights.
  func checkpoint(epochStep: Int = 0) throws -> Checkpoint {
    Checkpoint(
      weights: try weights(),
      moments: try (0..<plans.store.momentCount).map {
        Weights(layout: plans.store.parameters, flat: try store.read(.moment($0)))
      },
      epoch: epoch, step: step, epochStep: epochStep,
      losses: epochStep == 0 ? [] : try store.losses(.training, rows: 0..<epochStep),
      seed: recipe.seed, best: watch?.best)
  }
}

/// The prepared plans of one feed.
package struct Executables {
  package let batches: FeedBatches
  package let full: any Executable
  private let last: (any Executable)?

  init(_ steps: RunPlans.Steps, _ prepare: (Plan) throws -> any Executable) throws {
    batches = steps.batches
    full = try prepare(steps.full)
    last = try steps.last.map(prepare)
  }

  var productChoices: [ProductChoice] { full.productChoices + (last?.productChoices ?? []) }

  /// Queues a step of the epoch, counted from 0.
  func run(step: Int) throws {
    let executable = step == batches.stepCount - 1 ? last ?? full : full
    try executable.run()
  }
}

extension ExampleElements {
  init(_ examples: Examples) {
    switch examples.elements {
    case .bytes(let bytes): self = .bytes(bytes)
    case .floats(let floats): self = .floats(floats)
    }
  }
}

extension FeatureScaling {
  /// The values of a plan's inputs, by the names that the model's steps give them.
  var inputs: [String: [Double]] { ["shift": shift, "factor": factor] }
}
