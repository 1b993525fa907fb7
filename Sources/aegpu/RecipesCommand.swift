import ArgumentParser
import Recipes
import Reports

struct RecipesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes", abstract: "Lists the recipes, prints one, or documents their format.",
    subcommands: [List.self, Show.self, Format.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the recipes.")

    @Argument(help: ArgumentHelp("Recipe to print, as show does.", visibility: .hidden))
    var name: String?

    @Option(help: "Output format: text or json.")
    var format = OutputFormat.text

    func run() throws {
      if let name { return try RecipesCommand.show(name) }
      let rows = try RecipeLibrary.names.map { name in
        Row(
          name: name, data: try RecipeDocument(named: name).draft().data ?? "--data",
          summary: RecipeLibrary.summary(of: name))
      }
      switch format {
      case .json: try Console.print(rows.jsonText())
      case .text:
        var table = TextTable([.text("recipe"), .text("data"), .text("description")])
        // The width before the last column: two columns, and two spaces after each.
        let lead = (rows.map(\.name.count).max() ?? 0) + (rows.map(\.data.count).max() ?? 0) + 4
        for row in rows {
          table.append([row.name, row.data, row.summary], lead: lead, width: 100)
        }
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
      abstract: "Documents every field of a recipe.")

    func run() throws { try Console.print(RecipeFormat.page, terminator: "") }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a recipe's YAML file, to read or to save and edit.")

    @Argument(help: "Name of the recipe.", completion: .list(RecipeLibrary.names))
    var name: String

    func run() throws { try RecipesCommand.show(name) }
  }

  private static func show(_ name: String) throws {
    guard let text = RecipeLibrary.text(named: name) else {
      throw RecipeError.unknownRecipe(name: name, known: RecipeLibrary.names)
    }
    try Console.print(text, terminator: "")
  }
}
