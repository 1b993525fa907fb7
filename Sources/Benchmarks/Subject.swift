import Plans
import Recipes
import Training

/// A recipe on a device, trained on random examples, without validation, pictures and files.
package struct Subject {
  package let recipe: Recipe
  package let backend: any Backend
  /// One plan per phase of a step.
  package let plans: [Plan]
  let trainer: Trainer

  /// - Parameter batches: steps per epoch.
  package init(_ recipe: Recipe, batches: Int, on backend: any Backend) throws {
    var recipe = recipe
    recipe.validation = .none
    recipe.earlyStopping = nil
    recipe.pictures.reconstructions = 0
    recipe.pictures.samples = 0
    let data = try TrainingData(randomFor: recipe, batches: batches)
    let plans = try RunPlans(recipe, data)
    trainer = try Trainer(recipe, data, plans: plans, on: backend)
    self.plans = plans.training.phases.map(\.full)
    self.recipe = recipe
    self.backend = backend
  }

  var store: any Store { trainer.session.store }
  var executables: [any Executable] { trainer.training.phases }
  var stepCount: Int { trainer.training.batches.stepCount }

  /// Trains one epoch as a run does: shuffle, gather, steps, reading the losses.
  func trainEpoch() throws {
    _ = try trainer.trainEpoch(since: ContinuousClock().now, shouldStop: { false }) { _ in }
    trainer.endEpoch()
  }
}
