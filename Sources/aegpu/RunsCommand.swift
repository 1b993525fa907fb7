import ArgumentParser
import Foundation
import Recipes
import Reports
import Training

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Lists training runs, the newest first.",
    discussion:
      "A run is a folder with a recipe.yaml and an environment.json. The losses are those "
      + "of its last epoch; compare them only between runs with the same loss and data.")

  @Argument(help: "Folder that contains the runs.")
  var folder = "runs"

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    let exists = files.fileExists(atPath: folder, isDirectory: &isFolder)
    // That no run exists yet is not an error.
    guard exists || folder == "runs" else {
      throw Failure("\(folder): expected a folder of runs, found none; check the path")
    }
    guard !exists || isFolder.boolValue else {
      throw Failure("\(folder): expected a folder of runs, received a file; check the path")
    }
    let rows = RunFolder.newestFirst(in: folder).map { RunRow($0.folder, $0.environment) }
    switch format {
    case .json: try Console.print(rows.jsonText())
    case .text:
      guard !rows.isEmpty else {
        Console.say("no runs in \(folder); aegpu train makes one\n")
        return
      }
      try Console.print(Self.table(rows))
    }
  }

  private static func table(_ rows: [RunRow]) -> TextTable {
    var table = TextTable([
      .text("run"), .text("recipe"), .text("data"), .text("state"), .number("epochs"),
      .number("loss"), .number("validation"), .text("started"),
    ])
    for row in rows {
      table.append([
        row.run, row.recipe, row.data, row.state, row.epochs.map(String.init) ?? "",
        row.loss.map(Numbers.loss) ?? "", row.validation.map(Numbers.loss) ?? "", row.started,
      ])
    }
    return table
  }
}

/// A run as `aegpu runs` shows it.
private struct RunRow: Encodable {
  let run: String
  let recipe: String
  let data: String
  /// running, finished, interrupted or failed.
  let state: String
  /// Epochs that are done.
  let epochs: Int?
  let loss: Double?
  let validation: Double?
  /// UTC, ISO 8601.
  let started: String

  init(_ folder: RunFolder, _ environment: RunEnvironment) {
    run = folder.path
    recipe = (try? RecipeDocument(named: folder.recipe))?.name ?? "unreadable"
    started = environment.started.ISO8601Format()
    state = environment.state(in: folder).rawValue
    data = environment.data.map(\.name).joined(separator: ", ")
    let last = folder.reports().last
    (epochs, loss, validation) = (last?.epoch, last?.training.loss, last?.validation?.loss)
  }
}
