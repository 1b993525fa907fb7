import ArgumentParser
import Recipes
import Reports

struct RecipesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes", abstract: "Lists the recipes, shows one, or the format that they have.",
    subcommands: [List.self, Show.self, Format.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the recipes.")

    @Option(help: "text or json.")
    var format = OutputFormat.text

    func run() throws {
      let rows = try RecipeLibrary.names.map { name in
        Row(
          name: name, data: try RecipeDocument(named: name).recipe().data,
          summary: RecipeLibrary.summary(of: name))
      }
      switch format {
      case .json: try Console.print(rows.jsonText())
      case .text:
        var table = TextTable([.text("recipe"), .text("data"), .text("what it is")])
        for row in rows { table.append([row.name, row.data, row.summary]) }
        try Console.print(table)
      }
    }

    private struct Row: Encodable {
      let name: String
      let data: String
      let summary: String
    }
  }

  struct Format: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every field that a recipe can have.")

    func run() throws { try Console.print(RecipeFormat.page, terminator: "") }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a recipe's file, to be read or to be saved and edited.")

    @Argument(help: "The recipe's name.")
    var name: String

    func run() throws {
      guard let text = RecipeLibrary.text(named: name) else {
        throw RecipeError.unknownRecipe(name: name, known: RecipeLibrary.names)
      }
      try Console.print(text, terminator: "")
    }
  }
}
