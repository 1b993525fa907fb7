import AEGPU
import Graphs
import Recipes
import Testing

typealias Recipe = AEGPU.Recipe

/// Recipes from names, text and layers.
@Suite struct RecipeTests {
  @Test(arguments: Recipe.names) func named(name: String) throws {
    #expect(try Recipe(yaml: Recipe(name).yaml).yaml == Recipe(name).yaml)
  }

  /// Every layer of a file has a short form or its name here, and what it makes can be read.
  @Test func layersAreThoseOfAFile() throws {
    let images: [Layer] = [
      .conv2D(4, stride: 2, .relu), .batchNorm, .maxPool2D(), .upsample2D(), .activation(.tanh),
      .convTranspose2D(.input), .flatten, .dense(6), .dropout(0.1),
      Layer("gaussianNoise", ["deviation": 0.1]), Layer("penalty", ["kind": "l1", "weight": 0.1]),
    ]
    _ = try Recipe(
      "images", encoder: images, decoder: [.dense(.input), .reshape([8, 8, 1])],
      settings: ["input": [8, 8, 1]])
    _ = try Recipe(
      "series",
      encoder: [.conv1D(3, stride: 2), .convTranspose1D(2), .lstm(4, allSteps: true), .gru(3)],
      decoder: [.repeated(.input), .lstm(4, allSteps: true), .dense(2)],
      settings: ["input": [8, 2]])
    _ = try Recipe(
      "tied", encoder: [.dense(3, .tanh)], decoder: [.tiedDense()], settings: ["input": [5]])
  }

  @Test func activationsAreThoseOfAFile() {
    #expect(
      Set(Layer.Activation.allCases.map(\.rawValue)) == Set(Activation.allCases.map(\.rawValue)))
  }

  @Test func aFieldCanBeSet() throws {
    let recipe = try Recipe("dense").setting("encoder.1.dense.units", to: 77)
    #expect(recipe.yaml.contains("77"))
    #expect(try Recipe("dense").yaml != recipe.yaml)
  }

  @Test func whatIsWrongIsSaid() throws {
    func message(_ body: () throws -> Recipe) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { try Recipe("nope") }.hasPrefix("recipe: expected one of adversarial, "))
    #expect(
      message { try Recipe("dense").setting("loss.l3", to: 1) }
        .hasPrefix("loss.l3: 1: loss.l3: expected one of reconstruction, "))
    #expect(
      message {
        try Recipe(
          "wrong", encoder: [.dense(3)], decoder: [.dense(4)], settings: ["input": [5]])
      }
        == "recipe wrong, line 3: decoder[0]: expected an output of the input's shape [1, 5] for decoder, "
        + "received [1, 4]")
    #expect(message { try Recipe(yaml: "name: [") }.hasPrefix("recipe text: expected YAML"))
  }
}
