import Graphs
import Plans
import Recipes
import Training

/// A recipe that `doctor` checks, with the plans that a training of it runs.
struct DoctorSubject {
  let recipe: Recipe
  let plans: RunPlans
  /// That its data are not there, so that others stand in for their sizes.
  let note: String?

  /// The classic tutorials': what is checked where nothing is named.
  static let classics = [
    "simple", "deep", "dense", "stacked", "tied", "tied-tanh", "latent2d", "conv", "denoising",
    "vae",
  ]

  /// - Parameter name: a recipe's name or file, a run's folder, or `last`.
  init(named name: String) throws {
    var directory: String?
    let document: RecipeDocument
    if name != "last", RecipeLibrary.names.contains(name) || name.hasSuffix(".yaml") {
      document = try RecipeDocument(named: name)
    } else if let (folder, _) = try? RunFolder.named(name), folder.isRun {
      document = try RecipeDocument(named: folder.recipe)
      directory = try? RunEnvironment(of: folder).dataDirectory
    } else {
      document = try RecipeDocument(named: name)
    }
    do {
      let input = try RunInput(document, directory: directory)
      self.init(input.recipe, try RunPlans(input.recipe, input.data))
    } catch  where !document.followsData {
      let recipe = try document.recipe()
      self.init(
        recipe, try Self.plans(of: recipe),
        note:
          "\(recipe.name): checked with as many examples as MNIST has, as its own are not there: "
          + "\(error)")
    }
  }

  /// A recipe of the program with as many images as MNIST has.
  init(classic name: String) throws {
    let recipe = try RecipeDocument(named: name).recipe()
    self.init(recipe, try Self.plans(of: recipe))
  }

  private init(_ recipe: Recipe, _ plans: RunPlans, note: String? = nil) {
    (self.recipe, self.plans, self.note) = (recipe, plans, note)
  }

  private static func plans(of recipe: Recipe) throws -> RunPlans {
    let window = recipe.dataOptions.window
    func batches(_ feed: Feed, _ count: Int, _ size: Int) -> FeedBatches {
      FeedBatches(
        feed, exampleCount: count, elementType: window == nil ? .uint8 : .float32, batchSize: size,
        byteScale: recipe.preparation.byteScale,
        series: window.map { SeriesLayout(rowCount: count + $0 - 1, window: $0) })
    }
    return try RunPlans(
      recipe, training: batches(.training, 60_000, recipe.batchSize),
      validation: batches(.validation, 10_000, ViewPlan.largestBatchSize),
      drawsPictures: recipe.model.input.rank == 3)
  }
}
