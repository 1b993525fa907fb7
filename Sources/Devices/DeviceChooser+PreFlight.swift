import Doctor
import Plans
import Ranks
import Recipes
import Training

extension DeviceChooser {
  /// Checks that a device that was opened computes the plans of a run right, before it trains them; what
  /// was found right before is not checked again.
  /// - Throws: `WrongDevice` where it does not.
  package func check(_ recipe: Recipe, _ plans: RunPlans, on backend: any Backend) throws {
    guard checksLaunches else {
      notice("AEGPU_CHECK=0: the launches of \(recipe.name) are not checked")
      return
    }
    use?(backend.device, "\(recipe.name) was checked")
    defer { use?(backend.device, "\(recipe.name) was computed") }
    try PreFlight(folder, notice: notice).check(recipe, plans, on: backend)
  }

  /// The same for a rank: its plans are checked without the exchange, by one rank of each machine.
  package func check(
    _ recipe: Recipe, _ plans: RunPlans, _ data: TrainingData, of place: RankPlace?,
    on backend: any Backend
  ) throws {
    guard let own = place?.examples(of: plans.training.batches.batchSize) else {
      return try check(recipe, plans, on: backend)
    }
    guard local?.isFirst != false else { return }
    var recipe = recipe
    recipe.batchSize = own.size
    try check(recipe, RunPlans(recipe, data), on: backend)
  }
}
