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
      + "of its last epoch; they compare only between runs of the same loss and data.")

  @Argument(help: "The folder that holds the runs.")
  var folder = "runs"

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    let exists = files.fileExists(atPath: folder, isDirectory: &isFolder)
    // No run was made yet, which is no failure.
    guard exists || folder == "runs" else {
      throw Failure("\(folder): expected a folder of runs, found none; check the path")
    }
    guard !exists || isFolder.boolValue else {
      throw Failure("\(folder): expected a folder of runs, received a file; check the path")
    }
    let names = exists ? try files.contentsOfDirectory(atPath: folder) : []
    let rows = names.compactMap { RunRow("\(folder)/\($0)") }
      .sorted { ($0.started, $0.run) > ($1.started, $1.run) }
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
  /// running, finished, interrupted or failed; `unknown` of runs by versions that kept none.
  let state: String
  /// Epochs that are done.
  let epochs: Int?
  let loss: Double?
  let validation: Double?
  /// UTC, ISO 8601.
  let started: String

  /// `nil` where a folder is no run.
  init?(_ path: String) {
    func contents(_ file: String) -> Data? {
      FileManager.default.contents(atPath: "\(path)/\(file)")
    }
    guard let bytes = contents("environment.json"), contents("recipe.yaml") != nil,
      let environment = try? JSONDecoder().decode(Environment.self, from: bytes)
    else { return nil }
    run = path
    recipe = (try? RecipeDocument(named: path + "/recipe.yaml"))?.name ?? "unreadable"
    started = environment.started
    let isWhole = FileManager.default.fileExists(atPath: path + "/weights.safetensors")
    state = environment.state ?? (isWhole ? "finished" : "unknown")
    data = environment.data.map(\.name).joined(separator: ", ")
    // A last line that was cut off by a failure is none.
    let last = (contents("metrics.jsonl") ?? Data()).split(separator: UInt8(ascii: "\n")).suffix(2)
      .compactMap { try? JSONDecoder().decode(Epoch.self, from: $0) }.last
    (epochs, loss, validation) = (last?.epoch, last?.train.loss, last?.validation?.loss)
  }

  /// What is read of `environment.json`.
  private struct Environment: Decodable {
    struct Source: Decodable { let name: String }

    let started: String
    let state: String?
    let data: [Source]
  }

  /// What is read of a line of `metrics.jsonl`.
  private struct Epoch: Decodable {
    struct Losses: Decodable { let loss: Double }

    let epoch: Int
    let train: Losses
    let validation: Losses?
  }
}
