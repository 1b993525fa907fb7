import Datasets
import Graphs
import Layers
import Plans
import Recipes

/// All plans of a run, and the sizes of what they share: a value, made without a device.
package struct RunPlans: Hashable, Sendable {
  /// The plans of one feed: a full batch, and the smaller last one where there is one.
  package struct Steps: Hashable, Sendable {
    package let batches: FeedBatches
    package let full: Plan
    package let last: Plan?
  }

  /// What draws the pictures.
  package struct Pictures: Hashable, Sendable {
    package let reconstruction: ViewPlan?
    /// How many examples it shows.
    package let reconstructionCount: Int
    package let sampling: Plan?
    /// Whose examples are reconstructed.
    package let feed: Feed
  }

  package let declarations: [ParameterDeclaration]
  package let states: [StateDeclaration]
  package let parts: [LossPart]
  package let store: StoreLayout
  package let training: Steps
  package let evaluation: Steps?
  package let pictures: Pictures
  /// The memory that a batch of what judges and draws may take: as much as training, or little.
  package let viewByteCount: Int

  /// - Parameters:
  ///   - validation: `nil` where nothing is validated; then training examples are reconstructed.
  ///   - drawsPictures: false where examples are no images.
  /// - Throws: `TrainingError.nothingToWatch` where validation is missed.
  package init(
    _ recipe: Recipe, training: FeedBatches, validation: FeedBatches?, drawsPictures: Bool
  ) throws {
    guard recipe.earlyStopping == nil || validation != nil else {
      throw TrainingError.nothingToWatch(recipe: recipe.name)
    }
    let model = recipe.model
    let declarations = try model.parameters()
    let states = try model.states()
    let layout = ParameterLayout(declarations.map { ($0.name, $0.shape) })
    let stateLayout = StateLayout(states.map { ($0.name, $0.shape) })
    func plan(_ name: String, _ step: StepGraph, outputs: [TensorID] = []) -> Plan {
      Plan(name, step.graph, outputs: outputs, parameters: layout, state: stateLayout)
    }

    func steps(
      _ name: String, _ batches: FeedBatches, _ graph: (BatchSource) throws -> StepGraph
    ) throws -> (Steps, [LossPart]) {
      let step = try graph(batches.source(batchSize: batches.batchSize))
      let last = try batches.lastBatchSize.map { size in
        plan("\(name)-last", try graph(batches.source(batchSize: size)))
      }
      return (Steps(batches: batches, full: plan(name, step), last: last), step.parts)
    }

    (self.training, parts) = try steps("training", training) {
      try model.trainingStep($0, optimizer: recipe.optimizer, clipping: recipe.clipping)
    }
    let byteCount = max(4 * self.training.full.arenaCount, ViewPlan.leastByteCount)
    viewByteCount = byteCount
    let judging = try validation.map { validation in
      var batches = validation.with(
        batchSize: min(validation.batchSize, ViewPlan.largestBatchSize))
      while batches.batchSize > 1 {
        let step = try model.evaluationStep(batches.source(batchSize: batches.batchSize))
        if 4 * plan("evaluation", step).arenaCount <= byteCount { break }
        batches = batches.with(batchSize: (batches.batchSize + 1) / 2)
      }
      return batches
    }
    evaluation = try judging.map { try steps("evaluation", $0, model.evaluationStep).0 }

    self.declarations = declarations
    self.states = states
    var feeds = [Feed.training: training.layout(of: model.input, partCount: parts.count)]
    feeds[.validation] = judging?.layout(of: model.input, partCount: parts.count)
    store = StoreLayout(
      parameters: layout, state: stateLayout, momentCount: recipe.optimizer.momentCount,
      seed: recipe.seed, feeds: feeds)

    let shown = validation ?? training
    let pictureCount = min(recipe.pictures.reconstructions, shown.exampleCount)
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
      sampling = plan("sampling", step, outputs: [step.outputs["samples"]!])
    }
    pictures = Pictures(
      reconstruction: reconstruction, reconstructionCount: pictureCount, sampling: sampling,
      feed: shown.feed)
  }

  /// The plans of a run on this data.
  package init(_ recipe: Recipe, _ data: TrainingData) throws {
    func batches(_ feed: Feed, _ examples: Examples, _ size: Int) -> FeedBatches {
      FeedBatches(feed, examples, batchSize: size, byteScale: recipe.preparation.byteScale)
    }
    try self.init(
      recipe, training: batches(.training, data.training, recipe.batchSize),
      validation: data.validation.map { batches(.validation, $0, ViewPlan.largestBatchSize) },
      drawsPictures: data.training.imageShape != nil)
  }
}
