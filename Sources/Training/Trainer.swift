import Datasets
import Graphs
import Layers
import Plans
import Randoms
import Recipes

/// Drives a backend through a training run. It knows no file, terminal or clock time of day: what
/// happens goes to a callback.
///
/// Everything that can be refused (memory, kernels, weights) is so when it is made; `run` only runs.
package final class Trainer {
  package enum Ending: Hashable, Sendable {
    case finished
    /// Asked to stop, between two steps.
    case interrupted
  }

  package let recipe: Recipe
  package let plans: RunPlans
  let imageShape: [Int]?
  /// The memory of the run, for whoever looks closer than events do.
  package let store: any Store
  let training: Executables
  let evaluation: Executables?
  let reconstruction: (any Executable)?
  let sampling: (any Executable)?

  /// Epochs and steps that are done.
  var epoch = 0
  var step = 0
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
    store = try backend.makeStore(plans.store)
    training = try Executables(plans.training, store)
    evaluation = try plans.evaluation.map { [store] in try Executables($0, store) }
    reconstruction = try plans.pictures.reconstruction.map { [store] in try store.prepare($0) }
    sampling = try plans.pictures.sampling.map { [store] in try store.prepare($0) }
    try store.load(ExampleElements(data.training), into: .training)
    if let validation = data.validation {
      try store.load(ExampleElements(validation), into: .validation)
    }
    let layout = plans.store.parameters
    let first = weights ?? Weights(plans.declarations, layout: layout, seed: recipe.seed)
    try store.write(first.flat, to: .parameters)
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
    while epoch < recipe.epochs {
      let epochStart = clock.now
      guard let means = try trainEpoch(since: start, shouldStop: shouldStop, handle: handle) else {
        return .interrupted
      }
      let trainingSeconds = seconds(since: epochStart)
      let validation = try evaluate(handle: handle)
      let elapsed = seconds(since: start)
      try handle(
        .epoch(
          EpochReport(
            epoch: epoch, step: step, training: means.report, validation: validation,
            samplesPerSecond: Double(means.exampleCount) / max(trainingSeconds, 1e-9),
            seconds: seconds(since: epochStart),
            secondsLeft: elapsed / Double(epoch) * Double(recipe.epochs - epoch))))
      let isLast = epoch == recipe.epochs
      if isLast || epoch % recipe.pictures.every == 0, let pictures = try pictures() {
        try handle(.pictures(pictures))
      }
      if isLast || epoch % recipe.checkpoints.every == 0, recipe.checkpoints.keep > 0 {
        try handle(.checkpoint(checkpoint()))
      }
    }
    try handle(.finished(weights: weights(.parameters).tensors(), epoch: epoch))
    return .finished
  }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (clock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  func weights(_ buffer: StoreBuffer) throws -> Weights {
    Weights(layout: plans.store.parameters, flat: try store.read(buffer))
  }

  /// The state as it is now.
  /// - Parameter epochStep: steps of the current epoch that are in the weights.
  func checkpoint(epochStep: Int = 0) throws -> Checkpoint {
    Checkpoint(
      weights: try weights(.parameters),
      moments: try (0..<plans.store.momentCount).map { try weights(.moment($0)) },
      epoch: epoch, step: step, epochStep: epochStep,
      losses: epochStep == 0 ? [] : try store.losses(.training, rows: 0..<epochStep),
      seed: recipe.seed)
  }
}

/// The prepared plans of one feed.
struct Executables {
  let batches: FeedBatches
  private let full: any Executable
  private let last: (any Executable)?

  init(_ steps: RunPlans.Steps, _ store: any Store) throws {
    batches = steps.batches
    full = try store.prepare(steps.full)
    last = try steps.last.map { try store.prepare($0) }
  }

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
