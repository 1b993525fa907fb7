import ArgumentParser
import Benchmarks
import Foundation
import Plans
import Recipes

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how fast recipes train.",
    discussion: """
      Needs no data: examples are random bytes that the program makes, an epoch of them at a time. What \
      is timed is the training loop of train: shuffle, gather, steps, losses read; nothing is validated.

      Windows of the step, of its products and convolutions alone, and of the fastest of a few large \
      products take turns. Numbers are medians, beside the best window. 'of peak' is the step's FLOP/s \
      by that product's; 'of products' is the time of the products alone by the step's. 'host' is the \
      time in which the program queues a step, which on cpu is the step itself. 'cold' and 'warm' are \
      the seconds from the program's start to the end of the first step, with the driver's kernel \
      cache empty and filled; memory is the most that was in use by then, warm.
      """)

  @Argument(help: "Recipes' names, or the paths of .yaml files. (default: every recipe)")
  var recipes: [String] = []

  @Option(
    help: ArgumentHelp(
      "A number of list-devices, cpu, auto, or all; may be given several times.",
      valueName: "n|cpu|auto|all"))
  var device: [DeviceSelection] = [.one("auto")]

  @Option(help: "Examples to a step. (default: each recipe's own)")
  var batchSize: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any field of the recipes.", valueName: "key.path=value"))
  var settings: [String] = []

  @Option(help: "How many windows of each kind.")
  var windows = BenchmarkSettings().windows

  @Option(help: "The least length of a window.")
  var seconds = BenchmarkSettings().windowSeconds

  @Option(help: "Full batches to an epoch; a window of the step is a whole number of epochs.")
  var batches = BenchmarkSettings().batches

  @Option(help: "text or json.")
  var format = OutputFormat.text

  @Option(help: .hidden)
  var part: BenchPart?

  @Option(help: .hidden)
  var since: UInt64 = 0

  func validate() throws {
    try RecipeOptions.expectCounts([
      ("batch-size", batchSize), ("windows", windows), ("batches", batches),
    ])
    try RecipeOptions.expectSettings(settings)
    guard seconds > 0, seconds <= 60 else {
      throw ValidationError(
        "--seconds: expected a number above 0, at most 60, received \(seconds)")
    }
  }

  func run() throws {
    let names = recipes.isEmpty ? RecipeLibrary.names : recipes
    let read = try names.map { try recipe($0) }
    if let part { return try run(part, read[0]) }

    Interruption.listen()
    var rows: [BenchRow] = []
    for device in try device.flatMap({ try $0.names }) {
      for (name, recipe) in zip(names, read) {
        Program.complain("measuring \(recipe.name) on \(device)")
        do {
          rows.append(try BenchRow(arguments(name, device)))
        } catch let code as ExitCode {
          // Last of all: where nobody reads it any more, this ends the process.
          Program.complain("bench: interrupted")
          throw code
        }
      }
    }
    switch format {
    case .json: print(try rows.jsonText())
    case .text: print(BenchRow.table(rows))
    }
  }

  private func recipe(_ name: String) throws -> Recipe {
    var document = try RecipeOptions.document(name, settings)
    if let batchSize { try document.set("batchSize", to: "\(batchSize)") }
    return try document.recipe()
  }

  /// A process's part of the work: one recipe on one device.
  private func run(_ part: BenchPart, _ recipe: Recipe) throws {
    guard let choice = DeviceChoice(argument: try device[0].names[0]) else {
      preconditionFailure("a part is given one device")
    }
    var settings = BenchmarkSettings()
    settings.windows = windows
    settings.windowSeconds = seconds
    settings.batches = batches
    switch part {
    case .firstStep:
      let step = try FirstStep(recipe, batches: settings.batches, since: since, open: choice.open)
      print(try step.jsonText())
    case .windows:
      print(try BenchmarkRow(recipe, settings, on: choice.open()).jsonText())
    }
  }

  /// What a process is given to measure one recipe on one device.
  private func arguments(_ recipe: String, _ device: String) -> [String] {
    var arguments = ["bench", recipe, "--device", device]
    if let batchSize { arguments += ["--batch-size", "\(batchSize)"] }
    for setting in settings { arguments += ["--set", setting] }
    return arguments
      + ["--windows", "\(windows)", "--seconds", "\(seconds)", "--batches", "\(batches)"]
  }
}

/// What `--device` of `bench` names.
enum DeviceSelection: Hashable, Sendable, ExpressibleByArgument {
  case all
  /// What `train --device` takes.
  case one(String)

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else {
      guard DeviceChoice(argument: argument) != nil else { return nil }
      self = .one(argument)
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .all: "all"
    case .one(let name): name
    }
  }

  /// The devices, as `train --device` takes them.
  var names: [String] {
    get throws {
      switch self {
      case .all: try DeviceChoice.all().map(\.identifier)
      case .one(let name): [name]
      }
    }
  }
}
