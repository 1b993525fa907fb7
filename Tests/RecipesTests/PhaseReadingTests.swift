import Graphs
import Layers
import Recipes
import Testing

/// The fields `parts`, `phases` and `prior`.
@Suite struct PhaseReadingTests {
  private static let text = """
    name: small
    data: digits
    input: [784]
    encoder: [{dense: {units: 2}}]
    decoder: [{dense: {units: 784}}]
    prior: swissRoll
    parts:
      - {name: critic, reads: code, layers: [{dense: {units: 1}}]}
      - {name: twin, reads: prior, shares: critic}
    loss: {reconstruction: squaredError}
    optimizer: {adam: {learningRate: 0.5}}
    clipping: {norm: 2}
    phases:
      - {name: reconstruct, minimise: [loss], moves: [encoder, decoder]}
      - name: critic
        minimise: [{squaredError: {of: twin, against: 1, weight: -2}}]
        moves: [critic]
        optimizer: {sgd: {learningRate: 0.25}}
    batchSize: 4
    epochs: 1
    """

  private func recipe(_ old: String = "", _ new: String = "") throws -> Recipe {
    let text = old.isEmpty ? Self.text : Self.text.replacing(old, with: new)
    if !old.isEmpty { try #require(text != Self.text) }
    return try RecipeDocument(text: text, source: "small").recipe()
  }

  @Test func reads() throws {
    let recipe = try recipe()
    let model = recipe.model
    #expect(model.prior == .swissRoll)
    #expect(model.parts.map(\.name) == ["critic", "twin"])
    #expect(model.parts[1] == Part(name: "twin", reads: ["prior"], shares: "critic"))
    let term = Term(.squaredError, of: "twin", against: .value(1), weight: -2)
    #expect(model.phases.map(\.minimises) == [[.loss], [.term(term)]])
    #expect(model.phases.map(\.moves) == [["encoder", "decoder"], ["critic"]])
    // A phase's own optimizer, else the recipe's.
    #expect(
      recipe.updatings == [
        Updating(
          .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 0.5, clipping: .norm(2)),
        Updating(.sgd(momentum: 0, nesterov: false), learningRate: 0.25, clipping: .norm(2)),
      ])
    #expect(try self.recipe("prior: swissRoll", "prior: normal").model.prior == nil)
  }

  /// Conditions of phases, ramps, and concatenated tensors.
  @Test func more() throws {
    let waiting = try recipe(
      "moves: [critic]\n", "moves: [critic]\n    when: {phase: critic, above: 0.5, below: 2}\n")
    #expect(
      waiting.model.phases.map(\.condition)
        == [nil, Phase.Condition(phase: "critic", above: 0.5, below: 2)])
    let ramped = try recipe("weight: -2", "weight: {from: -1, to: 3, epochs: 2.5}")
    guard case .term(let term)? = ramped.model.phases[1].minimises.first else {
      Issue.record("expected a term")
      return
    }
    #expect(term.weight == Ramp(from: -1, to: 3, epochs: 2.5))
    let both = try recipe("reads: prior", "reads: [prior]")
    #expect(try both == recipe())
  }

  /// Of a YAML without: one phase.
  @Test func classical() throws {
    let recipe = try FamilyTests.recipe("dense")
    #expect(recipe.model.phases.isEmpty && recipe.model.parts.isEmpty)
    #expect(recipe.updatings.count == 1)
  }

  @Test(arguments: [
    (
      "prior: swissRoll", "prior: spiral",
      "line 6: prior: expected one of normal, mixture, swissRoll"
    ),
    (
      "reads: code", "reads: twin",
      "parts[0].reads: expected one of input, code, reconstruction, prior, label"
    ),
    (
      "name: twin", "name: code",
      "parts[1].name: expected a name of letters, different from encoder, decoder, input"
    ),
    ("shares: critic", "shares: nobody", "parts[1].shares: expected one of decoder, critic"),
    (
      "of: twin", "of: twins",
      "expected one of input, code, reconstruction, prior, label, critic, twin"
    ),
    ("reads: prior", "reads: []", "parts[1].reads: expected one or more"),
    ("reads: prior", "reads: [prior, priors]", "parts[1].reads[1]: expected one of input"),
    ("reads: prior", "reads: [prior, label]", "label"),
    (
      "minimise: [loss]", "minimise: [kl]", "phases: expected kl only with latent: {variational: …}"
    ),
    (
      "moves: [critic]\n", "moves: [critic]\n    when: {phase: later, above: 1}\n",
      "when.phase: expected this phase or an earlier one: one of reconstruct, critic"
    ),
    (
      "moves: [critic]\n", "moves: [critic]\n    when: {phase: critic}\n",
      "when: expected above, below or both"
    ),
    ("against: 1", "against: one", "or a number, received one"),
    ("moves: [critic]", "moves: [twin]", "expected one of encoder, decoder, critic, received twin"),
    ("name: critic\n", "name: reconstruct\n", "expected a name that no other phase has"),
    ("encoder: [{dense: {units: 2}}]", "encoder: [{dense: {units: 3}}]", "prior swissRoll"),
    (
      "layers: [{dense: {units: 1}}]", "layers: [{dense: {units: 1}}, {reshape: {shape: [7]}}]",
      "line 8: parts[0].layers[1]"
    ),
  ]) func faults(old: String, new: String, fault: String) throws {
    let error = #expect(throws: (any Error).self) { try recipe(old, new) }
    let text = "\(error!)"
    #expect(text.contains(fault), "\(text)")
    #expect(!text.contains("\n"))
  }
}
