import Graphs
import Plans
import Randoms

extension Trainer {
  /// Trains one epoch.
  /// - Returns: its losses; `nil` where it was interrupted, after the checkpoint was handed over.
  package func trainEpoch(
    since start: ContinuousClock.Instant, shouldStop: () -> Bool,
    handle: (TrainingEvent) throws -> Void
  ) throws -> LossMeans? {
    let batches = training.batches
    let epochStart = clock.now
    try beginEpoch()
    var means = LossMeans(recipe.model, plans.parts)
    var row = 0
    while row < batches.stepCount {
      let readStart = clock.now
      let first = row
      let end = min(row + pace.stepCount, batches.stepCount)
      var stops = false
      while row < end, !stops {
        stops = shouldStop()
        if !stops {
          try training.run(step: row)
          row += 1
        }
      }
      let losses = try store.losses(.training, rows: first..<row)
      step += row - first
      try checkFinite(epochStart: step - row, handle: handle)
      if stops {
        try handle(.checkpoint(checkpoint(epochStep: row)))
        return nil
      }
      pace.note(steps: row - first, seconds: seconds(since: readStart))
      means.add(losses, sizes: (first..<row).map(batches.size(ofStep:)))
      let stepsLeft = recipe.epochs * batches.stepCount - step
      try handle(
        .progress(
          TrainingEvent.Progress(
            epoch: epoch + 1, epochs: recipe.epochs,
            fraction: Double(row) / Double(batches.stepCount), loss: means.report.loss,
            examplesPerSecond: Double(means.exampleCount) / max(seconds(since: epochStart), 1e-9),
            secondsLeft: seconds(since: start) / Double(step) * Double(stepsLeft))))
    }
    epoch += 1
    return means
  }

  /// Sets the epoch's order and its rows of the schedule.
  package func beginEpoch() throws {
    let batches = training.batches
    let order =
      recipe.shuffle
      ? Shuffle.permutation(count: batches.exampleCount, seed: recipe.seed, epoch: epoch) : nil
    let schedule = (1...batches.stepCount).map {
      recipe.optimizer.schedule(
        step: step + $0,
        learningRate: recipe.learningRate(step: step + $0, stepsPerEpoch: batches.stepCount))
    }
    try store.begin(.training, step: step, order: order, schedule: schedule)
  }

  /// Ends the run where a step was not finite: no update was made from that step on.
  /// - Parameter epochStart: steps that were done when the epoch began.
  private func checkFinite(
    epochStart: Int, handle: (TrainingEvent) throws -> Void
  ) throws {
    guard let bad = try store.firstNonFiniteStep() else { return }
    let row = bad - epochStart
    let parts = try store.losses(.training, rows: row..<row + 1)
    var means = LossMeans(recipe.model, plans.parts)
    means.add(parts, sizes: [training.batches.size(ofStep: row)])
    step = bad
    try handle(.checkpoint(checkpoint(epochStep: row)))
    throw TrainingError.diverged(step: bad + 1, loss: means.report.loss)
  }

  /// The losses of the validation examples; `nil` where there are none. The noise of a variational
  /// model is the same after every epoch, so that the weights alone make the difference.
  /// - Throws: `TrainingError.validationDiverged` after the checkpoint was handed over.
  func evaluate(handle: (TrainingEvent) throws -> Void) throws -> LossReport? {
    guard let evaluation else { return nil }
    let batches = evaluation.batches
    try store.begin(.validation, step: 0, order: nil, schedule: [])
    for row in 0..<batches.stepCount { try evaluation.run(step: row) }
    var means = LossMeans(recipe.model, plans.parts)
    means.add(
      try store.losses(.validation, rows: 0..<batches.stepCount),
      sizes: (0..<batches.stepCount).map(batches.size(ofStep:)))
    let report = means.report
    guard report.loss.isFinite else {
      try handle(.checkpoint(checkpoint()))
      throw TrainingError.validationDiverged(step: step, loss: report.loss)
    }
    return report
  }

  /// The first examples beside what the model makes of them, and samples of the same codes after
  /// every epoch; `nil` where the recipe or the data has none.
  func pictures(ofEpoch epoch: Int) throws -> PictureData? {
    guard let imageShape, reconstruction != nil || sampling != nil else { return nil }
    let feed = plans.pictures.feed
    let count = plans.store.feeds[feed]!.examples.shape[0]
    func read(_ executable: any Executable, _ plan: Plan) throws -> [[Float]] {
      let order = feed == .training ? [Int32](0..<Int32(count)) : nil
      try store.begin(feed, step: 0, order: order, schedule: [])
      try executable.run()
      return try plan.outputs.map { try executable.read($0).map(Float.init) }
    }
    var pairs: PictureData.Pairs?
    if let reconstruction, let plan = plans.pictures.reconstruction {
      let found = try read(reconstruction, plan)
      pairs = .init(
        originals: found[0], reconstructions: found[1], corrupted: found.dropFirst(2).first)
    }
    var samples: [Float]?
    if let sampling, let plan = plans.pictures.sampling { samples = try read(sampling, plan)[0] }
    return PictureData(
      epoch: epoch, imageShape: imageShape, reconstructions: pairs, samples: samples)
  }
}
