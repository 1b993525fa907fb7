import Datasets
import Graphs
import Layers
import Plans
import Randoms
import Ranks
import Recipes

/// The training loop over a session: epochs of training, each with validation and pictures. It uses
/// no file, terminal or time of day: events go to a callback.
///
/// All errors of memory, kernels and weights are thrown when it is created; `run` only runs.
package final class Trainer {
  package enum Ending: Hashable, Sendable {
    case finished
    /// The caller asked to stop, between two steps.
    case interrupted
  }

  /// The start of a run.
  package enum Start: Hashable, Sendable {
    /// With weights initialized by the recipe's seed.
    case seed
    case weights(Weights)
    /// With the state of an earlier run of the same recipe.
    case checkpoint(Checkpoint)
  }

  package let recipe: Recipe
  package let plans: RunPlans
  package let session: Session
  /// The backend and the examples, for the replay of a step.
  let backend: any Backend
  /// The ranks that train together; `nil` alone.
  let ranks: RankGroup?
  let examples: Examples
  let validationExamples: Examples?
  let imageShape: [Int]?
  /// The scaling of examples when they were read, which is undone in pictures.
  let readScaling: FeatureScaling?
  package let training: Executables
  package let evaluation: Evaluation?
  let reconstruction: PreparedView?
  let sampling: (any Executable)?
  /// Reads the training examples, if they are stored.
  let stream: ExampleStream?

  /// Completed epochs and steps.
  var epoch = 0
  package internal(set) var step = 0
  /// Completed steps of the current epoch; all of them if only its validation is left.
  var epochStep = 0
  /// The steps of the epoch whose examples and losses the device has.
  var section = 0..<0
  /// The log of those steps, one row per step.
  var epochLosses: [Double] = []
  /// Completed steps and epochs when this process began.
  private var first = (step: 0, epoch: 0)
  private let length: RunLength
  var watch: Recipe.EarlyStopping.Watch?
  var pace = ReadingPace()
  /// Steps between two reported steps; `nil`: no step is reported.
  package var logSteps: Int?
  /// Set after the first epoch if training in ranks takes longer than alone; one sentence.
  var trafficNote: String?
  /// Whether the exchange was measured.
  var isTrafficNoted = false
  let clock = ContinuousClock()

  /// Prepares every plan, loads the examples and sets the initial weights.
  /// - Parameter memory: how much memory the process may have; it is refused if it takes more.
  package init(
    _ recipe: Recipe, _ data: TrainingData, plans: RunPlans, on backend: any Backend,
    with ranks: RankGroup? = nil, from start: Start = .seed, memory: MemoryLimit = .free
  ) throws {
    self.ranks = ranks
    backend.exchange = ranks
    try TrainingMemory.check(plans, on: backend.device, memory)
    self.recipe = recipe
    self.plans = plans
    length = RunLength(plans, epochs: recipe.epochs, ranks: ranks?.place.count ?? 1)
    self.backend = backend
    examples = data.training
    validationExamples = data.validation
    imageShape = data.training.imageShape
    readScaling = data.scaling
    watch = recipe.earlyStopping.map { Recipe.EarlyStopping.Watch($0) }
    let normalization = recipe.model.normalization
    let scaling = FeatureScaling(
      data.training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor)
    let session = try Session(plans.store, scaling: scaling, on: backend)
    self.session = session
    training = try Executables(plans.training, session.prepare)
    evaluation = try plans.evaluation.map {
      try Evaluation(
        $0, recipe.model, plans.parts, data.validation, in: session, with: ranks)
    }
    reconstruction = try plans.pictures.reconstruction.map { try session.prepare($0) }
    sampling = try plans.pictures.sampling.map { plan in
      let executable = try session.prepare(plan)
      if let label = plan.inputs["label"], let classes = recipe.model.classes {
        let labels = recipe.model.labels(count: recipe.pictures.samples) { $0 % classes }
        try executable.write(labels, to: label)
      }
      return executable
    }
    stream = ExampleStream(
      data.training, plans.training.batches, seed: recipe.seed, shuffles: recipe.shuffle,
      labelled: recipe.model.classes != nil, into: session.store)
    if stream == nil { try session.load(data.training, into: .training) }
    let shown = data.validation ?? (stream == nil ? nil : data.sample)
    if let shown, shown.stored == nil { try session.load(shown, into: .validation) }
    switch start {
    case .seed: try session.write(Weights(plans, seed: recipe.seed))
    case .weights(let weights): try session.write(weights)
    case .checkpoint(let checkpoint): try restore(checkpoint)
    }
    try session.store.finish()
  }

  /// Trains the remaining epochs of the recipe.
  /// - Parameters:
  ///   - shouldStop: checked before each step, and before long work between epochs.
  ///   - handle: receives events; an error that it throws ends the run.
  /// - Throws: `TrainingError.diverged` after the checkpoint before that step was passed on.
  package func run(
    shouldStop: () -> Bool = { false }, handle: (TrainingEvent) throws -> Void
  ) throws -> Ending {
    defer {
      stream?.finish()
      evaluation?.finish()
    }
    let start = clock.now
    try expectSameWeights()
    // A resumed run may have been stopped before the last epoch's pictures were drawn.
    if epoch > 0, epochStep == 0, try !draw(unless: shouldStop, handle: handle) {
      return .interrupted
    }
    while epochStep > 0 || !isDone {
      let epochStart = clock.now
      let trainedBefore = epochStep
      _ = ranks?.takeTraffic()
      guard try trainEpoch(since: start, shouldStop: shouldStop, handle: handle) else {
        return .interrupted
      }
      let trainingSeconds = seconds(since: epochStart)
      let validation: LossReport?
      switch try evaluate(shouldStop: shouldStop, handle: handle) {
      case .interrupted: return .interrupted
      case .judged(let report): validation = report
      }
      let batches = training.batches
      let trained = (trainedBefore..<batches.stepCount).map(batches.size(ofStep:)).reduce(0, +)
      let means = epochMeans()
      noteTraffic(steps: batches.stepCount - trainedBefore, seconds: trainingSeconds)
      endEpoch()
      try expectSameWeights()
      if let validation {
        try watch?.note(epoch: epoch, loss: validation.loss, weights: session.weights)
      }
      try handle(
        .epoch(
          EpochReport(
            epoch: epoch, step: step, training: means.report, validation: validation,
            samplesPerSecond: Double(trained) / max(trainingSeconds, 1e-9),
            seconds: seconds(since: epochStart),
            secondsLeft: secondsLeft(since: start))))
      guard try draw(unless: shouldStop, handle: handle) else { return .interrupted }
      if isDone || epoch % recipe.checkpoints.every == 0, recipe.checkpoints.keep > 0 {
        try handle(.checkpoint(checkpoint()))
      }
    }
    try handle(.finished(result(handle: handle)))
    return .finished
  }

  /// Whether no epoch is left: all are done, or early stopping ends the run.
  package var isDone: Bool { epoch >= recipe.epochs || watch?.stops == true }

  /// Passes on the pictures of the completed epoch, if the recipe wants them.
  /// - Returns: false if the run is to stop; then a checkpoint was passed on.
  private func draw(
    unless shouldStop: () -> Bool, handle: (TrainingEvent) throws -> Void
  ) throws -> Bool {
    guard isDone || recipe.pictures.shows(epoch), drawsPictures else { return true }
    guard !shouldStop() else {
      try handle(.checkpoint(checkpoint()))
      return false
    }
    if let pictures = try pictures(ofEpoch: epoch) { try handle(.pictures(pictures)) }
    return true
  }

  /// The result of training: with early stopping, the best epoch's weights, which are then also
  /// written to the device.
  private func result(handle: (TrainingEvent) throws -> Void) throws -> TrainingEvent.Result {
    if let best = watch?.best, best.epoch != epoch {
      try session.write(best.weights)
      if !recipe.pictures.shows(best.epoch), let pictures = try pictures(ofEpoch: best.epoch) {
        try handle(.pictures(pictures))
      }
    }
    return TrainingEvent.Result(
      weights: try session.weights(), epoch: watch?.best?.epoch ?? epoch, epochs: epoch,
      stoppedEarly: epoch < recipe.epochs)
  }

  /// How the matrix products of training and evaluation are computed, each shape once.
  package var productChoices: [ProductChoice] {
    var seen: Set<ProductChoice> = []
    return [training, evaluation?.executables].compactMap(\.self).flatMap(\.productChoices)
      .filter { seen.insert($0).inserted }
  }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (clock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// The time that is left for all epochs at the speed since then, with their validations.
  func secondsLeft(since start: ContinuousClock.Instant) -> Double {
    length.secondsLeft(after: seconds(since: start), from: first, to: (step, epoch))
  }

  /// The present state.
  func checkpoint() throws -> Checkpoint {
    Checkpoint(
      weights: try session.weights(),
      moments: try plans.store.groups.enumerated().map { phase, group in
        Checkpoint.Moments(
          name: group.name,
          values: try (0..<group.momentCount).map { index in
            Weights(
              layout: plans.store.parameters.part(group.range),
              flat: try session.store.read(.moment(index, phase: phase)))
          })
      },
      epoch: epoch, step: step, epochStep: epochStep, losses: epochLosses, seed: recipe.seed,
      best: watch?.best)
  }

  private func restore(_ checkpoint: Checkpoint) throws {
    try session.write(checkpoint.weights)
    for (phase, moments) in checkpoint.moments.enumerated() {
      for (index, moment) in moments.values.enumerated() {
        try session.store.write(moment.flat, to: .moment(index, phase: phase))
      }
    }
    (epoch, step, epochStep) = (checkpoint.epoch, checkpoint.step, checkpoint.epochStep)
    epochLosses = checkpoint.losses
    first = (step, epoch)
    watch?.restore(best: checkpoint.best, epoch: epoch)
  }
}

/// The prepared plans of one feed.
package struct Executables {
  package let batches: FeedBatches
  /// The plans of a full batch, one per phase.
  package let phases: [any Executable]
  /// The plans of the smaller last batch, if there is one.
  private let last: [any Executable]

  init(_ steps: RunPlans.Steps, _ prepare: (Plan) throws -> any Executable) throws {
    batches = steps.batches
    phases = try steps.phases.map { try prepare($0.full) }
    last = try steps.phases.compactMap(\.last).map(prepare)
  }

  var productChoices: [ProductChoice] { (phases + last).flatMap(\.productChoices) }

  /// How many of these steps of the epoch, the first ones, are best queued at once.
  func stepsAtOnce(of steps: Range<Int>) -> Int {
    let full = steps.clamped(to: 0..<batches.stepCount - (last.isEmpty ? 0 : 1))
    return phases.count == 1 ? max(min(full.count, phases[0].runsAtOnce), 1) : 1
  }

  /// Queues steps of the epoch, counted from 0, no more than `stepsAtOnce`.
  func run(steps: Range<Int>) throws {
    if steps.count > 1 {
      try phases[0].run(times: steps.count)
    } else {
      for step in steps { try run(step: step) }
    }
  }

  /// Queues a step of the epoch, counted from 0.
  func run(step: Int) throws {
    let isLast = step == batches.stepCount - 1 && !last.isEmpty
    for executable in isLast ? last : phases { try executable.run() }
  }
}
