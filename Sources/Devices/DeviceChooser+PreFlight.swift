import Doctor
import Plans
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
    try PreFlight(folder, notice: notice).check(recipe, plans, on: backend)
  }
}
