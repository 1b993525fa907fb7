import ArgumentParser
import Graphs
import Layers
import Recipes
import Reports

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Prints a recipe's layers, output shapes, parameters and FLOPs.",
    discussion: "Shapes and FLOPs are those of a forward pass of one example.")

  @OptionGroup var options: RecipeOptions

  @Option(help: "text or json.")
  var format = OutputFormat.text

  func run() throws {
    let recipe = try options.document().recipe()
    let summary = Summary(
      recipe: recipe.name, input: recipe.model.input.dimensions,
      layers: try recipe.model.summary().map(Summary.Row.init))
    switch format {
    case .json: try Console.print(summary.jsonText())
    case .text: try Console.print(summary)
    }
  }
}

/// A network as `aegpu summary` prints it.
private struct Summary: Encodable, CustomStringConvertible {
  struct Row: Encodable {
    let part: String
    let layer: String
    let activation: String?
    let output: [Int]
    let parameterCount: Int
    let floatingPointOperations: Int

    init(_ row: LayerSummary) {
      part = row.part
      layer = row.name
      activation = row.activation == .identity ? nil : row.activation?.rawValue
      output = row.output.dimensions
      parameterCount = row.parameterCount
      floatingPointOperations = row.floatingPointOperations
    }
  }

  let recipe: String
  let input: [Int]
  let layers: [Row]
  let parameterCount: Int
  let floatingPointOperations: Int

  init(recipe: String, input: [Int], layers: [Row]) {
    self.recipe = recipe
    self.input = input
    self.layers = layers
    parameterCount = layers.map(\.parameterCount).reduce(0, +)
    floatingPointOperations = layers.map(\.floatingPointOperations).reduce(0, +)
  }

  var description: String {
    var table = TextTable([
      .text("part"), .text("layer"), .text("activation"), .text("output"), .number("parameters"),
      .number("FLOPs"),
    ])
    table.append(["input", "", "", "\(Shape(input))", "0", "0"])
    for row in layers {
      table.append([
        row.part, row.layer, row.activation ?? "",
        "\(Shape(row.output))", Numbers.grouped(row.parameterCount),
        Numbers.grouped(row.floatingPointOperations),
      ])
    }
    table.append([
      "all", "", "", "", Numbers.grouped(parameterCount), Numbers.grouped(floatingPointOperations),
    ])
    return table.description
  }
}
