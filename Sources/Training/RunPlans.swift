import Datasets
import Graphs
import Layers
import Plans
import Ranks
import Recipes

/// All plans of a run, and the sizes of their shared memory: a value, made without a device.
package struct RunPlans: Hashable, Sendable {
  /// The plans of one feed.
  package struct Steps: Hashable, Sendable {
    /// One phase of a step.
    package struct Phase: Hashable, Sendable {
      /// The plan of a full batch.
      package let full: Plan
      /// The plan of the smaller last batch, if there is one.
      package let last: Plan?
    }

    package let batches: FeedBatches
    package let phases: [Phase]

    /// The plan of the first phase.
    package var full: Plan { phases[0].full }
    package var last: Plan? { phases[0].last }

    /// The ramps that the plans read from the table of steps, each once.
    fileprivate var ramps: [Ramp] {
      var found: [Ramp] = []
      for step in phases.flatMap(\.full.steps) {
        if case .scheduled(let op) = step.op, !found.contains(op.ramp) { found.append(op.ramp) }
      }
      return found
    }

    /// - Parameters:
    ///   - names: the phases' names.
    ///   - graphs: for a batch size, one graph per phase.
    ///   - place: the rank whose part of each batch is computed.
    /// - Returns: the plans, and the columns of the feed's loss log.
    static func make(
      _ names: [String], _ batches: FeedBatches, _ layout: StoreLayout, of place: RankPlace? = nil,
      _ graphs: (BatchSource) throws -> [StepGraph]
    ) throws -> (steps: Steps, parts: [LossPart]) {
      func plan(_ name: String, _ step: StepGraph) -> Plan {
        Plan(
          name, step.graph, outputs: [], parameters: layout.parameters, state: layout.state)
      }
      let full = try graphs(batches.source(batchSize: batches.batchSize, of: place))
      let last = try batches.lastBatchSize.map {
        try graphs(batches.source(batchSize: $0, of: place))
      }
      let phases = full.indices.map { index in
        Phase(
          full: plan(names[index], full[index]),
          last: last.map { plan("\(names[index])-last", $0[index]) })
      }
      return (Steps(batches: batches, phases: phases), full.flatMap(\.parts))
    }

    /// The memory for a step.
    fileprivate var byteCount: Int { 4 * (phases.map(\.full.arenaCount).max() ?? 0) }

    /// The memory for a batch of an evaluation: as much as training needs, or a multiple of it if
    /// that is little.
    static func evaluationByteCount(besides training: Int) -> Int {
      max(training, min(128 << 20, max(8 * training, 16 << 20)))
    }

    /// The evaluation of a feed, in the largest batches that fit.
    /// - Parameter byteCount: the memory for a batch; a batch of one example is always allowed.
    static func evaluation(
      _ model: Model, _ feed: FeedBatches, _ layout: StoreLayout, byteCount: Int
    ) throws -> (steps: Steps, parts: [LossPart]) {
      try ViewPlan.fitting(byteCount, from: feed.batchSize) { size in
        let found = try make(["evaluation"], feed.with(batchSize: size), layout) {
          [try model.evaluationStep($0)]
        }
        return (found.steps.full, found)
      }.found
    }
  }

  /// The plans of the pictures.
  package struct Pictures: Hashable, Sendable {
    package let reconstruction: ViewPlan?
    /// The number of examples in the picture.
    package let reconstructionCount: Int
    package let sampling: Plan?
    /// The feed of the reconstructed examples.
    package let feed: Feed
  }

  package let declarations: [ParameterDeclaration]
  package let states: [StateDeclaration]
  package let parts: [LossPart]
  package let store: StoreLayout
  package let training: Steps
  package let evaluation: Steps?
  package let pictures: Pictures
  /// The examples that are drawn and measured: those of the validation, else training examples.
  package let shown: FeedBatches
  /// The memory for a batch of evaluations and pictures: as much as training, or a small minimum.
  package let viewByteCount: Int

  /// - Parameters:
  ///   - validation: `nil` if there is no validation; then training examples are reconstructed.
  ///   - sample: some training examples in the feed of validation, if those of training are never
  ///     all in memory and there is no validation.
  ///   - drawsPictures: false if the examples are not images.
  ///   - place: the rank that trains, if there are several.
  /// - Throws: `TrainingError.nothingToWatch` if early stopping needs a validation.
  package init(
    _ recipe: Recipe, training: FeedBatches, validation: FeedBatches?, sample: FeedBatches? = nil,
    drawsPictures: Bool, of place: RankPlace? = nil
  ) throws {
    if let place, training.batchSize < place.count {
      throw RankError.smallBatch(size: training.batchSize, ranks: place.count)
    }
    guard recipe.earlyStopping == nil || validation != nil else {
      throw TrainingError.nothingToWatch(recipe: recipe.name)
    }
    let model = recipe.model
    let declarations = try model.parameters()
    let states = try model.states()
    let layout = ParameterLayout(declarations.map { ($0.name, $0.shape) })
    let stateLayout = StateLayout(states.map { ($0.name, $0.shape) })
    let groups = try recipe.groups(layout)
    let bare = StoreLayout(
      parameters: layout, state: stateLayout, groups: groups, seed: recipe.seed, feeds: [:])
    func steps(of place: RankPlace?) throws -> (steps: Steps, parts: [LossPart]) {
      try Steps.make(groups.map(\.name), training, bare, of: place) {
        try model.trainingSteps($0, recipe.updatings[0])
      }
    }
    (self.training, parts) = try steps(of: place)
    // Evaluations have the same batches on all ranks, however many there are.
    let trainingByteCount =
      try place == nil ? self.training.byteCount : steps(of: nil).steps.byteCount
    let byteCount = max(trainingByteCount, ViewPlan.leastByteCount)
    viewByteCount = byteCount
    evaluation = try validation.map {
      try Steps.evaluation(
        model, $0, bare, byteCount: Steps.evaluationByteCount(besides: trainingByteCount)
      ).steps
    }

    self.declarations = declarations
    self.states = states
    var feeds = [Feed.training: training.layout(for: model, partCount: parts.count)]
    feeds[.validation] = (evaluation?.batches ?? sample)?.layout(
      for: model, partCount: parts.count)
    store = StoreLayout(
      parameters: layout, state: stateLayout, groups: groups, seed: recipe.seed, feeds: feeds,
      ramps: self.training.ramps)

    let judged = evaluation?.batches ?? sample ?? training
    let shown = judged.inMemory
    self.shown = shown
    let pictureCount = min(
      recipe.pictures.reconstructions, judged.exampleCount, shown.exampleCount)
    var reconstruction: ViewPlan?
    var sampling: Plan?
    if drawsPictures, pictureCount > 0 {
      reconstruction = try ViewPlan(
        "reconstruction", shown.with(batchSize: pictureCount), store, byteCount: byteCount,
        outputs: ["original", "reconstruction", "corrupted"],
        recipe.picturedModel.reconstructionStep)
    }
    if drawsPictures, recipe.pictures.samples > 0 {
      let step = try model.samplingStep(count: recipe.pictures.samples, feed: shown.feed)
      sampling = Plan(
        "sampling", step.graph, outputs: [step.outputs["samples"]!], parameters: layout,
        state: stateLayout)
    }
    pictures = Pictures(
      reconstruction: reconstruction, reconstructionCount: pictureCount, sampling: sampling,
      feed: shown.feed)
  }

  /// The plans of a run on a batch of bytes, or on a batch of a series if the recipe uses windows.
  package init(withoutData recipe: Recipe, of place: RankPlace? = nil) throws {
    let window = recipe.dataOptions.window
    func batches(_ feed: Feed, _ size: Int) -> FeedBatches {
      FeedBatches(
        feed, exampleCount: size, elementType: window == nil ? .uint8 : .float32, batchSize: size,
        byteScale: recipe.preparation.byteScale,
        series: window.map { SeriesLayout(rowCount: size + $0 - 1, window: $0) })
    }
    try self.init(
      recipe, training: batches(.training, recipe.batchSize),
      validation: batches(.validation, ViewPlan.largestBatchSize), drawsPictures: true, of: place)
  }

  /// All plans.
  package var all: [Plan] {
    let steps = [training, evaluation].compactMap(\.self).flatMap(\.phases)
    return steps.flatMap { [$0.full, $0.last] }.compactMap(\.self)
      + [pictures.reconstruction?.plan, pictures.sampling].compactMap(\.self)
  }

  /// The same plans for a few examples: batches are as large, and as many as it takes to run each,
  /// and to have one that is not the first.
  package func shortened(_ recipe: Recipe) throws -> RunPlans {
    try RunPlans(
      recipe, training: training.batches.shortened(toFullBatches: 2),
      validation: evaluation.map {
        $0.batches.shortened(toFullBatches: $0.batches.lastBatchSize == nil ? 2 : 1)
      },
      drawsPictures: pictures.reconstruction != nil || pictures.sampling != nil)
  }

  /// The plans of a run on this data.
  package init(_ recipe: Recipe, _ data: TrainingData, of place: RankPlace? = nil) throws {
    func batches(_ feed: Feed, _ examples: Examples, _ size: Int) -> FeedBatches {
      FeedBatches(feed, examples, batchSize: size, byteScale: recipe.preparation.byteScale)
    }
    try self.init(
      recipe, training: batches(.training, data.training, recipe.batchSize),
      validation: data.validation.map { batches(.validation, $0, ViewPlan.largestBatchSize) },
      sample: data.training.stored.map { _ in
        batches(.validation, data.sample, ViewPlan.largestBatchSize)
      },
      drawsPictures: data.training.imageShape != nil && place?.isFirst != false, of: place)
  }
}
