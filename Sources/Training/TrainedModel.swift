import Datasets
import Graphs
import Layers
import Plans
import Recipes

/// A trained model on a device, for use without training: its session has no optimizer moments and
/// no training plans.
///
/// The examples to process are the feed `.validation`; training examples, if needed, are the feed
/// `.training`.
package final class TrainedModel {
  package let recipe: Recipe
  package let session: Session
  private let plans: RunPlans?
  private let feeds: [Feed: FeedBatches]
  /// Of feeds whose examples stay in their files: the device has some of them at a time.
  private let stored: [Feed: Examples]
  /// The memory for a batch.
  private let byteCount: Int

  /// - Parameters:
  ///   - scaling: computed from the training examples.
  ///   - shown: the examples to process; `nil` if only codes are decoded.
  ///   - training: training examples, if they are needed, too.
  package init(
    _ recipe: Recipe, weights: Weights, scaling: FeatureScaling, shown: Examples? = nil,
    training: Examples? = nil, on backend: any Backend
  ) throws {
    self.recipe = recipe
    for examples in [shown, training].compactMap(\.self) {
      try examples.expectClasses(of: recipe.model, in: "data")
    }
    let byteScale = recipe.preparation.byteScale
    let examples = [Feed.validation: shown, .training: training]
      .compactMapValues { $0?.inOrder }
    func batches(_ feed: Feed, _ size: Int) -> FeedBatches? {
      examples[feed].map { FeedBatches(feed, $0, batchSize: size, byteScale: byteScale) }
    }
    stored = examples.filter { $1.stored != nil }
    // As planned in training, so that the evaluation has the same batches.
    plans = try batches(.validation, ViewPlan.largestBatchSize).map { judging in
      let trained = FeedBatches(
        .training, exampleCount: recipe.batchSize, elementType: judging.elementType,
        batchSize: recipe.batchSize, byteScale: byteScale)
      return try RunPlans(recipe, training: trained, validation: judging, drawsPictures: false)
    }
    // Few examples are in memory at a time if views are all that needs them.
    feeds = [Feed.validation: plans?.evaluation?.batches, .training: batches(.training, 1)]
      .compactMapValues { $0?.inMemory.with(batchSize: ViewPlan.largestBatchSize) }
    byteCount = plans?.viewByteCount ?? ViewPlan.leastByteCount
    let partCount = plans?.parts.count ?? 0
    var layouts = feeds.mapValues { $0.layout(for: recipe.model, partCount: partCount) }
    layouts[.validation] = plans?.store.feeds[.validation]
    let layout = StoreLayout(
      parameters: weights.layout, state: weights.stateLayout, momentCount: 0, seed: recipe.seed,
      feeds: layouts)
    session = try Session(layout, scaling: scaling, on: backend)
    for (feed, examples) in examples where examples.stored == nil {
      try session.load(examples, into: feed)
    }
    try session.write(weights)
  }

  /// The losses of the examples, as in the validation of training.
  package func losses() throws -> LossReport {
    guard let plans, let steps = plans.evaluation else { preconditionFailure("no examples") }
    return try Evaluation(
      steps, recipe.model, plans.parts, stored[.validation], in: session
    ).run()!
  }

  /// The number of examples in a feed.
  package func count(of feed: Feed) -> Int {
    stored[feed]?.count ?? feeds[feed]?.exampleCount ?? 0
  }

  /// Encodes a feed's examples without corruption, batch by batch.
  /// - Parameters:
  ///   - outputs: any of `code`; for a variational model, whose code is the mean, `logVariance`;
  ///     for a model with a codebook, `indices`.
  ///   - take: receives the indices of the examples, and the outputs by name.
  package func encode(
    _ feed: Feed = .validation, rows: Range<Int>? = nil,
    outputs: [String] = ["code", "logVariance"],
    take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    try look("codes", feed, rows, outputs: outputs, recipe.model.encodingStep, take)
  }

  /// Reconstructs a feed's examples, batch by batch.
  /// - Parameters:
  ///   - isCorrupted: whether a denoising model gets corrupted examples, as in training, or
  ///     unchanged ones.
  ///   - outputs: any of `original`, `reconstruction`, `logits`, `code`, `corrupted`, and for a
  ///     model of data with missing values `presence`, 1 where there is a value and 0 where it is
  ///     missing (and the original is 0).
  ///   - take: receives the indices of the examples, and the outputs by name, on the scale of the
  ///     data.
  package func reconstruct(
    _ feed: Feed = .validation, rows: Range<Int>? = nil, isCorrupted: Bool = false,
    outputs: [String] = ["original", "reconstruction"],
    take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    var model = recipe.model
    if !isCorrupted { model.corruption = nil }
    try look("reconstructions", feed, rows, outputs: outputs, model.reconstructionStep, take)
  }

  /// Decodes codes, batch by batch.
  /// - Parameters:
  ///   - codes: `[N] + codeShape`.
  ///   - label: the class of each code, if the model's layers read it.
  ///   - take: receives the decoded values of some of the codes, on the scale of the data.
  package func decode(
    _ codes: [Float], label: ((Int) -> Int)? = nil, take: ([Float]) throws -> Void
  ) throws {
    let size = try recipe.model.codeShape().count
    precondition(codes.count % size == 0, "the values must be whole codes")
    let count = codes.count / size
    let (batch, decoding, step) = try ViewPlan.fitting(byteCount, from: max(count, 1)) { size in
      let step = try recipe.model.decodingStep(count: size)
      let plan = Plan(
        "decoding", step.graph, outputs: [step.outputs["decoded"]!],
        parameters: session.layout.parameters, state: session.layout.state)
      return (plan, step)
    }
    let executable = try session.prepare(decoding)
    for start in stride(from: 0, to: count, by: batch) {
      let own = min(batch, count - start)
      // An incomplete batch is filled with its first code.
      let values = (0..<batch * size).map { index in
        Double(codes[start * size + (index < own * size ? index : index % size)])
      }
      try executable.write(values, to: step.inputs["code"]!)
      if let input = step.inputs["label"], let label {
        try executable.write(
          recipe.model.labels(count: batch) { $0 < own ? label(start + $0) : 0 }, to: input)
      }
      try executable.run()
      let decoded = try executable.read(step.outputs["decoded"]!)
      try take(decoded.prefix(own * decoded.count / batch).map(Float.init))
    }
  }

  /// The logarithms of the importance weights of drawn codes, for each shown example of a
  /// variational model: `log p(x|z) + log p(z) − log q(z|x)` in nats. The draws of a batch come in
  /// several calls.
  /// - Parameters:
  ///   - drawCount: the number of codes per example.
  ///   - take: receives the indices of the examples, and the weights of some draws for each,
  ///     example by example.
  package func logWeights(
    drawCount: Int, take: (Range<Int>, [Float]) throws -> Void
  ) throws {
    guard let batches = feeds[.validation] else { preconditionFailure("no examples") }
    let rows = 0..<count(of: .validation)
    var prepared: (draws: Int, view: PreparedView)?
    for start in stride(from: 0, to: drawCount, by: Self.drawsToALaunch) {
      let draws = min(Self.drawsToALaunch, drawCount - start)
      if prepared?.draws != draws {
        let view = try ViewPlan(
          "importance weights", batches, session.layout, byteCount: byteCount,
          outputs: ["logWeights"]
        ) { try recipe.model.boundStep($0, drawCount: draws) }
        prepared = (draws, try session.prepare(view))
      }
      try run(prepared!.view, rows, step: start) { try take($0, $1["logWeights"]!) }
    }
  }

  /// The number of draws per example in one launch.
  private static let drawsToALaunch = 50

  private func look(
    _ name: String, _ feed: Feed, _ rows: Range<Int>?, outputs: [String],
    _ step: (BatchSource) throws -> StepGraph,
    _ take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    guard let batches = feeds[feed] else { preconditionFailure("examples of the feed are loaded") }
    let view = try ViewPlan(
      name, batches, session.layout, byteCount: byteCount, outputs: outputs, step)
    try run(session.prepare(view), rows ?? 0..<count(of: feed), take)
  }

  /// Computes a view for examples, of stored ones for as many at a time as the device has.
  private func run(
    _ prepared: PreparedView, _ rows: Range<Int>, step: Int = 0,
    _ take: (Range<Int>, [String: [Float]]) throws -> Void
  ) throws {
    let view = prepared.view
    guard let stored = stored[view.feed] else {
      return try prepared.run(rows, step: step, take: take)
    }
    // The batches are those of examples in memory.
    let count = view.count / view.batchSize * view.batchSize
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: count) {
      let part = start..<min(start + count, rows.upperBound)
      try session.fill(view.feed, with: stored[part])
      try prepared.run(0..<part.count, from: start, step: step) { own, outputs in
        try take(own.lowerBound + start..<own.upperBound + start, outputs)
      }
    }
  }
}

extension TrainedModel {
  /// The model of a run, from its stored description of the training data.
  package convenience init(
    _ recipe: Recipe, _ weights: Weights, _ data: DataDescription, shown: Examples? = nil,
    training: Examples? = nil, on backend: any Backend
  ) throws {
    let (recipe, scaling) = data.prepared(recipe)
    try self.init(
      recipe, weights: weights, scaling: scaling, shown: shown, training: training, on: backend)
  }
}
