import ArgumentParser
import Graphs
import Layers
import Plans
import Recipes
import Training

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract:
      "Prints the operations of a training step, with shapes, FLOPs, bytes and memory slots.",
    discussion: "Needs no device and no data: the plan is made for one batch of bytes, or "
      + "of windows of a series."
  )

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case training, evaluation, reconstruction, sampling
  }

  @OptionGroup var options: RecipeOptions

  @Option(help: "training, evaluation, reconstruction or sampling.")
  var plan = Kind.training

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let recipe = try options.document().onItsData(directory: nil).recipe()
    let window = recipe.dataOptions.window
    func batches(_ feed: Feed, _ size: Int) -> FeedBatches {
      FeedBatches(
        feed, exampleCount: size, elementType: window == nil ? .uint8 : .float32, batchSize: size,
        byteScale: recipe.preparation.byteScale,
        series: window.map { SeriesLayout(rowCount: size + $0 - 1, window: $0) })
    }
    let plans = try RunPlans(
      recipe, training: batches(.training, recipe.batchSize),
      validation: batches(.validation, ViewPlan.largestBatchSize), drawsPictures: true)
    let found =
      switch plan {
      case .training: plans.training.full
      case .evaluation: plans.evaluation?.full
      case .reconstruction: plans.pictures.reconstruction?.plan
      case .sampling: plans.pictures.sampling
      }
    guard let found else {
      throw Failure(
        "plan: expected a plan of the recipe, received \(plan.rawValue), which "
          + "\(recipe.name) does not have; set pictures.\(plan == .sampling ? "samples" : "reconstructions") above 0"
      )
    }
    let listing = PlanListing(found, recipe: recipe.name, parameters: plans.store.parameters)
    switch format {
    case .json: try Console.print(listing.jsonText())
    case .text: try Console.print(listing)
    }
  }
}
