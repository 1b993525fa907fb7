import Graphs
import Layers
import Recipes
import TestSupport
import Testing

/// Terms that layers add to the loss, compared with central differences: every layer of recipes, with
/// the settings of its example.
@Suite struct LayerTermTests {
  /// The layer in a small model whose input it takes, after units between 0 and 1.
  private static func model(with layer: String) throws -> Model {
    let places = [
      ("[12]", "{dense: {units: 6, activation: sigmoid}}"),
      ("[5, 3]", "{dense: {units: 4, activation: sigmoid}}"),
      ("[4, 4, 1]", "{conv2D: {filters: 3, size: 2, activation: sigmoid}}"),
    ]
    var failure: (any Error)?
    for (input, before) in places {
      let text = """
        name: small
        data: digits
        input: \(input)
        encoder: [\(before), \(RecipeFormat.example(of: layer))]
        decoder: [{flatten: {}}, {dense: {units: input}}, {reshape: {shape: input}}]
        loss: {reconstruction: squaredError}
        optimizer: {adam: {learningRate: 0.001}}
        batchSize: 5
        epochs: 1
        """
      do {
        return try RecipeDocument(text: text, source: layer).recipe().model
      } catch {
        failure = error
      }
    }
    throw failure!
  }

  /// Those that need more around them than that; none of them adds a term.
  private static let others = ["tiedDense", "reshape", "concatenate"]

  @Test(arguments: RecipeFormat.layers.filter { !others.contains($0) })
  func matchesCentralDifferences(_ layer: String) throws {
    let model = try Self.model(with: layer)
    guard try model.lossParts().contains(where: { $0.layer != nil }) else { return }
    #expect(try SmallModels.gradientFaults(model, most: 20) == [])
  }

  @Test func namesWhatAddsATerm() throws {
    let parts = try SmallModels.penalised.lossParts().filter { $0.layer != nil }
    #expect(parts.map(\.kind) == ["l1", "sparsity to 0.2", "l2"])
    #expect(parts.map(\.name) == ["l1", "rare", "l1"])
    #expect(
      parts.map(\.layer) == [
        LayerPlace(part: "encoder", index: 1), LayerPlace(part: "encoder", index: 3),
        LayerPlace(part: "decoder", index: 1),
      ])
  }
}
