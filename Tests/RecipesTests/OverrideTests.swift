import Graphs
import Layers
import Recipes
import Testing

@Suite struct OverrideTests {
  private func dense(_ settings: (path: String, value: String)...) throws -> Recipe {
    var document = try RecipeDocument(named: "dense")
    for (path, value) in settings { try document.set(path, to: value) }
    // A written value is read as the same value.
    let recipe = try document.recipe()
    #expect(try RecipeDocument(text: document.text(), source: "again").recipe() == recipe)
    return recipe
  }

  @Test func fields() throws {
    let recipe = try dense(
      ("epochs", "3"), ("optimizer.adam.beta1", "0.5"), ("encoder.1.dense.units", "64"),
      ("encoder.0.dense.activation", "tanh"), ("validation", "none"), ("limit", "100"))
    #expect(recipe.epochs == 3)
    #expect(recipe.optimizer == .adam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8))
    guard case .dense(let layer) = recipe.model.encoder[1],
      case .dense(let first) = recipe.model.encoder[0]
    else {
      Issue.record("expected layers that are dense")
      return
    }
    #expect(layer.units == 64)
    #expect(first.activation == .tanh)
    #expect(recipe.validation == .none)
    #expect(recipe.limit == 100)
  }

  @Test func mappingsThatWereNotThere() throws {
    #expect(try dense(("latent.variational.units", "5")).model.latent == .variational(units: 5))
    #expect(
      try dense(("optimizer", "{sgd: {learningRate: 0.1, momentum: 0.9}}")).optimizer
        == .sgd(momentum: 0.9, nesterov: false))
  }

  @Test(arguments: [
    ("epochs..x", "1", "an empty name"), ("epochs", "[", "a value that is not valid YAML"),
    ("encoder.9.dense", "1", "9, where the list has items 0 to 2"),
    ("encoder.x", "1", "x, where the list has items 0 to 2"),
    ("epochs.more", "1", "more, where the recipe has no fields"),
  ]) func faults(path: String, value: String, fault: String) throws {
    var document = try RecipeDocument(named: "dense")
    let error = #expect(throws: RecipeError.self) { try document.set(path, to: value) }
    #expect(
      error?.description == "--set \(path)=\(value): expected key.path=value, received \(fault)")
  }

  /// A misspelt path makes a field that the format does not know.
  @Test func misspeltPath() throws {
    let error = #expect(throws: RecipeError.self) { try dense(("optimizer.adam.beta", "0.5")) }
    #expect(
      error?.description.contains(
        "optimizer.adam.beta: expected one of learningRate, beta1, beta2, epsilon") == true)
  }
}
