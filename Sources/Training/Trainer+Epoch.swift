import Graphs
import Plans
import Randoms

extension Trainer {
  /// Trains the remaining steps of the epoch.
  /// - Returns: whether they are done; `false` if the run is to stop, after the checkpoint was
  ///   passed on.
  package func trainEpoch(
    since start: ContinuousClock.Instant, shouldStop: () -> Bool,
    handle: (TrainingEvent) throws -> Void
  ) throws -> Bool {
    let batches = training.batches
    let epochStart = clock.now
    try beginEpoch()
    var means = epochMeans()
    let examplesBefore = means.exampleCount
    while epochStep < batches.stepCount {
      let readStart = clock.now
      if !section.contains(epochStep) { try beginSection() }
      let first = epochStep
      var row = first
      let end = min(row + stepsToRead, section.upperBound, nextCheckpointRow)
      var stops = false
      while row < end, !stops {
        // It is asked before each step.
        let last = row + training.stepsAtOnce(of: row..<end)
        let before = row
        while row < last, !stops {
          stops = shouldStop()
          if !stops { row += 1 }
        }
        try training.run(steps: before..<row)
      }
      let losses = try session.store.losses(
        .training, rows: first - section.lowerBound..<row - section.lowerBound)
      try checkFinite(losses, handle: handle)
      step += row - first
      epochStep = row
      epochLosses += losses
      try tell(first..<row, losses, handle: handle)
      if stops {
        try handle(.checkpoint(checkpoint()))
        return false
      }
      pace.note(steps: row - first, seconds: seconds(since: readStart))
      means.add(
        losses, sizes: (first..<row).map(batches.size(ofStep:)),
        at: moment(step - (row - first) + 1))
      try handle(
        .progress(
          TrainingEvent.Progress(
            epoch: epoch + 1, epochs: recipe.epochs,
            fraction: Double(row) / Double(batches.stepCount), loss: means.report.loss,
            examplesPerSecond: Double(means.exampleCount - examplesBefore)
              / max(seconds(since: epochStart), 1e-9),
            secondsLeft: secondsLeft(since: start))))
      if let every = checkpointSteps, step % every == 0, row < batches.stepCount {
        try handle(.checkpoint(checkpoint()))
      }
    }
    return true
  }

  /// Completes the epoch after its last step.
  package func endEpoch() {
    (epoch, epochStep, epochLosses) = (epoch + 1, 0, [])
  }

  /// The row of the epoch at which the next checkpoint by steps is due.
  private var nextCheckpointRow: Int {
    guard let every = checkpointSteps else { return .max }
    return epochStep + every - step % every
  }

  /// `nil` if no checkpoints are kept.
  private var checkpointSteps: Int? {
    recipe.checkpoints.keep > 0 ? recipe.checkpoints.steps : nil
  }

  /// Reports every `logSteps`-th of the steps that were just done.
  private func tell(
    _ rows: Range<Int>, _ losses: [Double], handle: (TrainingEvent) throws -> Void
  ) throws {
    guard let every = logSteps else { return }
    let (batches, count) = (training.batches, plans.parts.count)
    for (place, row) in rows.enumerated() {
      let number = step - rows.count + place + 1
      guard number % every == 0 else { continue }
      var means = LossMeans(recipe.model, plans.parts)
      means.add(
        Array(losses[place * count..<(place + 1) * count]), sizes: [batches.size(ofStep: row)],
        at: moment(number))
      try handle(
        .step(
          StepReport(
            epoch: epoch + 1, step: number, loss: means.report,
            learningRate: recipe.learningRate(
              step: number, stepsPerEpoch: batches.stepCount))))
    }
  }

  /// The losses of the epoch's completed steps.
  func epochMeans() -> LossMeans {
    var means = LossMeans(recipe.model, plans.parts)
    means.add(
      epochLosses, sizes: (0..<epochStep).map(training.batches.size(ofStep:)),
      at: moment(step - epochStep + 1))
    return means
  }

  /// The time of the `step`-th step of the run, counted from 1.
  private func moment(_ step: Int) -> LossMeans.Moment {
    LossMeans.Moment(step: step, stepsPerEpoch: training.batches.stepCount)
  }

  /// Sets the epoch's order of examples and its rows of the schedule.
  package func beginEpoch() throws { try beginSection() }

  /// Begins the steps whose examples are in memory at the same time: of stored examples a part of
  /// the epoch, else all of it.
  private func beginSection() throws {
    let batches = training.batches
    var order = order
    section = 0..<batches.stepCount
    if let stream {
      (section, order) = try stream.section(
        ofEpoch: epoch, step: epochStep, goesOn: epoch + 1 < recipe.epochs)
    }
    let before = step - epochStep
    let table = recipe.table(
      of: before + 1 + section.lowerBound...before + section.upperBound,
      stepsPerEpoch: batches.stepCount, plans.store.ramps)
    try session.store.begin(
      .training, at: epochStep - section.lowerBound, step: step, order: order, table: table)
  }

  /// The epoch's order of the examples; `nil`: the order of the data, or a stream knows it.
  private var order: [Int32]? {
    recipe.shuffle && stream == nil
      ? Shuffle.permutation(
        count: training.batches.exampleCount, seed: recipe.seed, epoch: epoch) : nil
  }

  /// Ends the run if a step was not finite: no update was made from that step.
  /// - Parameter losses: of the steps since the last that are counted.
  private func checkFinite(
    _ losses: [Double], handle: (TrainingEvent) throws -> Void
  ) throws {
    guard let fault = try session.store.firstNonFinite() else { return }
    let bad = fault.step
    let good = bad - step
    let partCount = plans.parts.count
    epochLosses += losses.prefix(good * partCount)
    epochStep += good
    step = bad
    var means = LossMeans(recipe.model, plans.parts)
    means.add(
      Array(losses[good * partCount..<(good + 1) * partCount]),
      sizes: [training.batches.size(ofStep: epochStep)], at: moment(bad + 1))
    let state = try checkpoint()
    try handle(.checkpoint(state))
    let recorded = try recordedStep(from: state)
    try handle(.fault(recorded))
    let phase = recipe.model.phases.isEmpty ? nil : recipe.model.phases[fault.phase].name
    throw TrainingError.diverged(
      step: bad + 1, phase: phase, loss: fault.phase == 0 ? means.report.loss : nil,
      finding: finding(recorded))
  }

  /// The next step.
  private func recordedStep(from state: Checkpoint) throws -> RecordedStep {
    let batches = training.batches
    let first = epochStep * batches.batchSize
    let places = first..<first + batches.size(ofStep: epochStep)
    let rows =
      stream?.order(ofEpoch: epoch).rows(at: places)
      ?? order.map { order in places.map { Int(order[$0]) } } ?? Array(places)
    return RecordedStep(
      facts: RecordedStep.Facts(
        step: step + 1, stepsPerEpoch: batches.stepCount, rows: rows,
        areBytes: examples.elementType == .uint8, presentShare: batches.presentShare,
        device: backend.device.name),
      checkpoint: state, examples: try examples.batch(rows))
  }

  /// The first batch of the validation whose loss is not finite; `nil` if only their sum is not.
  private func recordedValidation(
    _ evaluation: Evaluation, from state: Checkpoint
  ) throws -> RecordedStep? {
    guard let examples = validationExamples, let batch = evaluation.firstNonFiniteBatch()
    else { return nil }
    let batches = evaluation.executables.batches
    let first = batch * batches.batchSize
    let rows = Array(first..<first + batches.size(ofStep: batch))
    return RecordedStep(
      facts: RecordedStep.Facts(
        step: step, validationBatch: batch, stepsPerEpoch: training.batches.stepCount, rows: rows,
        areBytes: examples.elementType == .uint8, presentShare: batches.presentShare,
        device: backend.device.name),
      checkpoint: state, examples: try examples.batch(rows))
  }

  /// The finding of a replay of the step; `nil` if the replay fails.
  private func finding(_ recorded: RecordedStep) -> String? {
    guard ranks?.place.isFirst != false,
      let outcome = try? StepReplay(recorded, recipe, scaling: session.scaling, on: backend).run()
    else { return nil }
    let cause = FaultCause(outcome, recipe)
    return (outcome.firstText.map { "first in \($0); " } ?? "") + "\(cause)"
  }

  /// The result of a validation.
  enum Judgement {
    /// `nil` if there are no validation examples.
    case judged(LossReport?)
    case interrupted
  }

  /// The losses of the validation examples.
  /// - Throws: `TrainingError.validationDiverged` after the checkpoint was passed on.
  func evaluate(
    shouldStop: () -> Bool, handle: (TrainingEvent) throws -> Void
  ) throws -> Judgement {
    guard let evaluation else { return .judged(nil) }
    guard let report = try evaluation.run(shouldStop: shouldStop) else {
      try handle(.checkpoint(checkpoint()))
      return .interrupted
    }
    guard report.loss.isFinite else {
      let state = try checkpoint()
      try handle(.checkpoint(state))
      let recorded = try recordedValidation(evaluation, from: state)
      if let recorded { try handle(.fault(recorded)) }
      throw TrainingError.validationDiverged(
        step: step, loss: report.loss, finding: recorded.flatMap(finding))
    }
    return .judged(report)
  }

  var drawsPictures: Bool { imageShape != nil && (reconstruction != nil || sampling != nil) }

  /// The first examples with their reconstructions, and samples of the same codes after every
  /// epoch; `nil` if the recipe or the data have no pictures.
  func pictures(ofEpoch epoch: Int) throws -> PictureData? {
    guard let imageShape, drawsPictures else { return nil }
    var pairs: PictureData.Pairs?
    if let reconstruction {
      try evaluation?.show(plans.pictures.reconstructionCount)
      var found: [String: [Float]] = [:]
      try reconstruction.run(0..<plans.pictures.reconstructionCount) { _, batch in
        found.merge(batch) { $0 + $1 }
      }
      pairs = PictureData.Pairs(
        originals: restored(found["original"]!),
        reconstructions: restored(found["reconstruction"]!),
        corrupted: found["corrupted"].map(restored))
    }
    var samples: [Float]?
    if let sampling, let plan = plans.pictures.sampling {
      try session.store.begin(plans.pictures.feed, step: 0, order: nil, schedule: [])
      try sampling.run()
      samples = restored(try sampling.read(plan.outputs[0]).map(Float.init))
    }
    return PictureData(
      epoch: epoch, imageShape: imageShape, reconstructions: pairs, samples: samples)
  }

  /// Values on the scale of the data, if they were scaled when they were read.
  private func restored(_ values: [Float]) -> [Float] {
    readScaling.map { $0.restored(values).map { Float($0) } } ?? values
  }
}
