import Graphs
import Layers
import Recipes
import Testing

@Suite struct RecipeTests {
  /// A recipe whose lines the errors below name.
  private static let text = """
    name: tiny
    data: digits
    input: [784]
    encoder:
      - dense: {units: 8, activation: relu}
      - dense: {units: 2}
    decoder:
      - dense: {units: 784}
    loss: {reconstruction: squaredError}
    optimizer:
      adam: {learningRate: 0.001}
    batchSize: 32
    epochs: 2
    """

  private func recipe(replacing old: String = "", with new: String = "") throws -> Recipe {
    let text = old.isEmpty ? Self.text : Self.text.replacing(old, with: new)
    return try RecipeDocument(text: text, source: "tiny").recipe()
  }

  @Test func dense() throws {
    let recipe = try RecipeDocument(named: "dense").recipe()
    #expect(recipe.model.input == [784])
    #expect(recipe.optimizer == .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8))
    #expect((recipe.batchSize, recipe.epochs, recipe.learningRate) == (512, 100, 1e-3))
    #expect((recipe.checkpoints.every, recipe.checkpoints.keep) == (1, 3))
    let pictures = recipe.pictures
    #expect((pictures.every, pictures.reconstructions, pictures.samples) == (nil, 100, 0))
    #expect(try recipe.model.parameters().count == 12)
  }

  @Test func vae() throws {
    let recipe = try RecipeDocument(named: "vae").recipe()
    #expect(recipe.model.latent == .variational(units: 10))
    #expect(recipe.model.loss.reduction == .batchMean)
    #expect(recipe.pictures.samples == 100)
  }

  @Test func defaults() throws {
    let recipe = try recipe()
    #expect(recipe.seed == 1 && recipe.shuffle && recipe.limit == nil && recipe.validation == .test)
    #expect(recipe.model.loss == Loss(reconstruction: .squaredError, reduction: .mean, klWeight: 1))
    #expect(recipe.model.latent == .deterministic)
  }

  @Test(arguments: [
    ("validation: none", Recipe.Validation.none), ("validation: test", .test),
    ("validation: 0.25", .fraction(0.25)), ("validation: mnist", .data("mnist")),
    ("validation: {last: 0.25}", .last(0.25)),
  ]) func validation(line: String, expected: Recipe.Validation) throws {
    #expect(try recipe(replacing: "epochs: 2", with: "epochs: 2\n\(line)").validation == expected)
  }

  private static let activations = RecipeFormat.names(Activation.self)
  private static let errors = RecipeFormat.names(ReconstructionError.self)
  private static let layers = RecipeFormat.layers.joined(separator: ", ")

  /// Changes of the recipe, and their errors.
  @Test(arguments: [
    (
      "units: 8,", "units: many,",
      "line 5: encoder[0].dense.units: expected a whole number from 1 to 2147483647, or input, "
        + "received many"
    ),
    (
      "units: 8, activation: relu", "activation: relu",
      "line 5: encoder[0].dense: expected the field units, received a mapping of activation"
    ),
    (
      "units: 8,", "width: 8,",
      "line 5: encoder[0].dense.width: expected one of units, activation, initializer, "
        + "biasInitializer, received a field of another name"
    ),
    (
      "relu", "rely",
      "line 5: encoder[0].dense.activation: expected one of \(activations), "
        + "received rely; did you mean relu?"
    ),
    (
      "- dense: {units: 784}", "- dance: {units: 784}",
      "line 8: decoder[0]: expected one of \(layers), received dance"
    ),
    (
      "squaredError", "error",
      "line 9: loss.reconstruction: expected one of \(errors), received error"
    ),
    (
      "adam:", "adom:",
      "line 11: optimizer: expected one of adam, adamW, rmsProp, sgd, received adom; did you mean adam?"
    ),
    ("0.001", "-1", "line 11: optimizer.adam.learningRate: expected a number from 0, received -1"),
    (
      "batchSize: 32", "batchSize: 0",
      "line 12: batchSize: expected a whole number from 1 to 2147483647, received 0"
    ),
    (
      "epochs: 2", "epoch: 2",
      "line 13: epoch: expected one of name, data, input, classes, normalization, corruption, initializer, "
        + "biasInitializer, encoder, latent, decoder, loss, optimizer, schedule, clipping, batchSize, "
        + "epochs, seed, shuffle, limit, validation, earlyStopping, pictures, checkpoints, freeze, prior, parts, phases, "
        + "received a field of another name; did you mean epochs?"
    ),
    ("epochs: 2", "epochs: 2\nshuffle: 3", "line 14: shuffle: expected true or false, received 3"),
    (
      "epochs: 2", "epochs: 2\nvalidation: 1.5",
      "line 14: validation: expected test, none, a fraction between 0 and 1, {last: fraction}, or a "
        + "data set's name or path, received 1.5"
    ),
    (
      "epochs: 2", "epochs: 2\nvalidation: {last: 1}",
      "line 14: validation.last: expected a fraction between 0 and 1, received 1"
    ),
    (
      "epochs: 2", "epochs: 2\nlatent: {variational: {units: 0}}",
      "line 14: latent.variational.units: expected a whole number from 1 to 2147483647, received 0"
    ),
    ("[784]", "784", "line 3: input: expected a list, received 784"),
    ("data: digits", "data:", "line 2: data: expected a text, received nothing"),
  ]) func faults(old: String, new: String, fault: String) {
    let error = #expect(throws: RecipeError.self) { try recipe(replacing: old, with: new) }
    #expect(error?.description == "recipe tiny, \(fault)")
  }

  @Test func faultsWithoutALine() {
    let misfit = #expect(throws: RecipeError.self) {
      try recipe(replacing: "units: 784", with: "units: 783")
    }
    #expect(
      misfit?.description == "recipe tiny, line 8: decoder[0]: expected an output of "
        + "the input's shape [1, 784] for decoder, received [1, 783]")
    let empty = #expect(throws: RecipeError.self) { try RecipeDocument(text: "", source: "e") }
    #expect(empty?.description == "recipe e: expected YAML, received an empty file")
    let broken = #expect(throws: RecipeError.self) { try RecipeDocument(text: "a: [", source: "b") }
    #expect(
      broken?.description == "recipe b: expected YAML, received line 2, column 1: did not find "
        + "expected node content (while parsing a flow node in line 2, column 1)")
    // A whole file is never quoted, and nothing of it reaches the terminal.
    let long = #expect(throws: RecipeError.self) {
      try RecipeDocument(text: "a: [\n" + String(repeating: "x", count: 100_000), source: "b")
    }
    #expect(long.map { $0.description.count < 200 } == true)
    let escape = #expect(throws: RecipeError.self) {
      try RecipeDocument(text: "a: \u{1b}]0;b\u{7}", source: "b")
    }
    #expect(
      escape?.description
        == "recipe b: expected YAML, received control characters are not allowed (1b) at byte 3")
    let value = #expect(throws: RecipeError.self) {
      try recipe(
        replacing: "epochs: 2", with: "epochs: \"\\e" + String(repeating: "y", count: 999) + "\"")
    }
    #expect(
      value?.description == "recipe tiny, line 13: epochs: expected a whole number from 1 to "
        + "2147483647, received \\u{1b}" + String(repeating: "y", count: 99) + "…")
    let unknown = #expect(throws: RecipeError.self) { try RecipeDocument(named: "dnse") }
    #expect(
      unknown?.description
        == "recipe: expected one of \(RecipeLibrary.names.joined(separator: ", ")) or a .yaml file, "
        + "received dnse; did you mean dense?"
    )
    let missing = #expect(throws: RecipeError.self) { try RecipeDocument(named: "no/such.yaml") }
    #expect(
      missing?.description
        == "recipe no/such.yaml: expected a readable file, received: no such file")
  }

  // MARK: Files

  /// A fault's place, and not the text around it, which may be the whole file.
  @Test func faultsOfYAMLAreShort() throws {
    let long = String(repeating: "x", count: 1_000_000)
    let error = #expect(throws: RecipeError.self) {
      try RecipeDocument(text: "a: [\(long)", source: "f")
    }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("recipe f: expected YAML, received ") && text.count < 300)
    let value = #expect(throws: RecipeError.self) {
      try RecipeDocument(text: "{name: \(long), epochs: \u{7}\(long)}", source: "f").recipe()
    }
    #expect((value?.description.count ?? 1000) < 600)
  }
}
