import CPUBackend
import Datasets
import OpenCLBackend
import Plans
import Recipes
import Training

/// The plans of a run as they are checked: of few examples.
package struct CheckedPlans {
  package let recipe: Recipe
  package let plans: RunPlans

  /// - Parameter plans: the run's.
  package init(_ recipe: Recipe, _ plans: RunPlans) throws {
    self.recipe = recipe
    self.plans = try plans.shortened(recipe)
  }

  /// A hash of all that decides whether a device computes them right: the plans, and what the
  /// device makes of them.
  package func digest(on backend: any Backend) throws -> String {
    var hash = try SHA256()
    let device =
      (backend as? OpenCLBackend)?.fingerprint(of: plans.all)
      ?? backend.device.vectorInstructions ?? ""
    for var text in [Release.version, device] + plans.all.map(\.text) {
      text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.finish()
  }

  /// Floating-point operations of what is checked.
  var floatingPointOperations: Int {
    plans.all.reduce(0) { $0.addingCapped($1.floatingPointOperations) }
  }

  /// About how many bytes a check takes beside the device's own memory: operands and results of a
  /// few steps at a time, and parameters, gradients and moments in double precision.
  var byteCount: Int {
    let arena = plans.all.map(\.arenaCount).max() ?? 0
    return (12 * arena).addingCapped(120 * plans.store.parameters.count)
  }
}
