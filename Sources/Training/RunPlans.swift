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
    package let reconstruction: Plan?
    package let sampling: Plan?
    /// Whose examples are reconstructed.
    package let feed: Feed
  }

  package let declarations: [ParameterDeclaration]
  package let parts: [LossPart]
  package let store: StoreLayout
  package let training: Steps
  package let evaluation: Steps?
  package let pictures: Pictures

  /// Examples to a step of an evaluation. It does not follow the recipe's batch size, so that a
  /// variational model is judged on the same noise whatever that is.
  package static let evaluationBatchSize = 1000

  /// - Parameters:
  ///   - validation: `nil` where nothing is validated; then training examples are reconstructed.
  ///   - drawsPictures: false where examples are no images.
  package init(
    _ recipe: Recipe, training: FeedBatches, validation: FeedBatches?, drawsPictures: Bool
  ) throws {
    let model = recipe.model
    let declarations = try model.parameters()
    let layout = ParameterLayout(declarations.map { ($0.name, $0.shape) })

    func steps(
      _ name: String, _ batches: FeedBatches, _ graph: (BatchSource) throws -> StepGraph
    ) throws -> (Steps, [LossPart]) {
      let step = try graph(batches.source(batchSize: batches.batchSize))
      let last = try batches.lastBatchSize.map { size in
        Plan(
          "\(name)-last", try graph(batches.source(batchSize: size)).graph, outputs: [],
          parameters: layout)
      }
      let full = Plan(name, step.graph, outputs: [], parameters: layout)
      return (Steps(batches: batches, full: full, last: last), step.parts)
    }

    (self.training, parts) = try steps("training", training) {
      try model.trainingStep($0, optimizer: recipe.optimizer)
    }
    evaluation = try validation.map { try steps("evaluation", $0, model.evaluationStep).0 }

    let shown = validation ?? training
    let pictureCount = min(recipe.pictures.reconstructions, shown.exampleCount)
    var reconstruction: Plan?
    var sampling: Plan?
    if drawsPictures, pictureCount > 0 {
      let step = try model.reconstructionStep(shown.source(batchSize: pictureCount))
      reconstruction = Plan(
        "reconstruction", step.graph,
        outputs: ["original", "reconstruction", "corrupted"].compactMap { step.outputs[$0] },
        parameters: layout)
    }
    if drawsPictures, recipe.pictures.samples > 0 {
      let step = try model.samplingStep(count: recipe.pictures.samples, feed: shown.feed)
      sampling = Plan(
        "sampling", step.graph, outputs: [step.outputs["samples"]!], parameters: layout)
    }
    pictures = Pictures(reconstruction: reconstruction, sampling: sampling, feed: shown.feed)

    self.declarations = declarations
    var feeds = [Feed.training: training.layout(of: model.input, partCount: parts.count)]
    feeds[.validation] = validation?.layout(of: model.input, partCount: parts.count)
    store = StoreLayout(
      parameters: layout, momentCount: recipe.optimizer.momentCount, seed: recipe.seed, feeds: feeds
    )
  }

  /// The plans of a run on this data.
  package init(_ recipe: Recipe, _ data: TrainingData) throws {
    try self.init(
      recipe, training: FeedBatches(.training, data.training, batchSize: recipe.batchSize),
      validation: data.validation.map {
        FeedBatches(.validation, $0, batchSize: Self.evaluationBatchSize)
      },
      drawsPictures: data.training.imageShape != nil)
  }
}
