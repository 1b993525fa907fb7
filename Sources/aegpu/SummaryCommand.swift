import ArgumentParser
import Graphs
import Layers
import Recipes
import Reports
import Training

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Prints a recipe's layers, output shapes, parameters and FLOPs.",
    discussion: """
      Shapes and FLOPs are those of a forward pass of one example. The first column is the layer's \
      position in the recipe. The last column has the names of its tensors in weights files, whose \
      numbers count only layers with parameters.

      Dense weights are [inputs, outputs], convolution weights [window, window, inputs, outputs], \
      transposed convolution weights [window, window, outputs, inputs]; images are [height, width, \
      channels]. Everything is row-major float32.
      """)

  @OptionGroup var options: RecipeOptions

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let recipe = try options.document().onItsData(directory: nil).recipe()
    let summary = Summary(
      recipe: recipe.name, input: recipe.model.input.dimensions,
      layers: try recipe.model.listing())
    switch format {
    case .json: try Console.print(summary.jsonText())
    case .text: try Console.print(summary)
    }
  }
}

/// A network as `aegpu summary` prints it.
private struct Summary: Encodable, CustomStringConvertible {
  let recipe: String
  let input: [Int]
  let layers: [LayerListing]
  let parameterCount: Int
  let floatingPointOperations: Int

  init(recipe: String, input: [Int], layers: [LayerListing]) {
    self.recipe = recipe
    self.input = input
    self.layers = layers
    parameterCount = layers.map(\.parameterCount).reduce(0, +)
    floatingPointOperations = layers.reduce(0) { $0.addingCapped($1.floatingPointOperations) }
  }

  var description: String {
    var table = TextTable([
      .text("place"), .text("layer"), .text("activation"), .text("output"), .number("parameters"),
      .number("FLOPs"), .text("tensors"),
    ])
    table.append(["input", "", "", "\(Shape(input))", "0", "0", ""])
    for row in layers {
      table.append([
        row.place, row.layer, row.activation ?? "",
        "\(Shape(row.output))", Numbers.grouped(row.parameterCount),
        Numbers.grouped(row.floatingPointOperations), Self.names(row.tensors),
      ])
    }
    table.append([
      "all", "", "", "", Numbers.grouped(parameterCount), Numbers.grouped(floatingPointOperations),
      "",
    ])
    return table.description
  }

  /// `encoder.0.weight, bias`: the common prefix once.
  private static func names(_ tensors: [LayerListing.Tensor]) -> String {
    tensors.enumerated().map { index, tensor in
      index == 0 ? tensor.name : String(tensor.name.split(separator: ".").last ?? "")
    }.joined(separator: ", ")
  }
}
