import ArgumentParser
import Benchmarks
import Foundation
import OpenCLBackend
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
      by that product's; 'of products' is the time of the products alone, a launch each, by the step's, \
      which may be the shorter one where it fuses launches. 'host' is the \
      time in which the program queues a step, which on cpu is the step itself. 'cold' and 'warm' are \
      the seconds from the program's start to the end of the first step, with the driver's kernel \
      cache empty and filled; memory is the most that was in use by then, warm.
      """)

  @OptionGroup var options: MeasuredRecipes

  @Option(
    help: ArgumentHelp(
      "A number of list-devices, cpu, auto, or all; may be given several times.",
      valueName: "n|cpu|auto|all"))
  var device: [DeviceSelection] = [.one("auto")]

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

  @Option(
    help: ArgumentHelp(
      "How an OpenCL device's launches are queued, if not as train does.",
      valueName: Schedule.allCases.map(\.rawValue).joined(separator: "|")))
  var schedule: Schedule?

  @Option(help: .hidden)
  var since: UInt64 = 0

  func validate() throws {
    try RecipeOptions.expectCounts([("windows", windows), ("batches", batches)])
    try RecipeOptions.expectSeconds(seconds)
  }

  func run() throws {
    let measured = try options.measured()
    if let part { return try run(part, measured[0].recipe) }

    Interruption.listen()
    var rows: [BenchRow] = []
    for device in try device.flatMap({ try $0.names }) {
      for recipe in measured {
        Program.complain("measuring \(recipe.recipe.name) on \(device)")
        rows.append(
          try BenchRow(
            recipe.arguments(device) + [
              "--windows", "\(windows)", "--seconds", "\(seconds)", "--batches", "\(batches)",
            ] + (schedule.map { ["--schedule", $0.rawValue] } ?? [])))
      }
    }
    switch format {
    case .json: try Console.print(rows.jsonText())
    case .text: try Console.print(BenchRow.table(rows))
    }
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
      // What comes next is measured, or takes the driver's cache away.
      defer { Helpers.end() }
      let step = try FirstStep(recipe, batches: settings.batches, since: since) {
        try choice.open(for: recipe, schedule: schedule)
      }
      try Console.print(step.jsonText())
    case .windows:
      // Nothing runs beside what is measured.
      Helpers.end()
      let backend = try choice.open(for: recipe, schedule: schedule)
      try Console.print(BenchmarkRow(recipe, settings, on: backend).jsonText())
    }
  }
}

extension Schedule: ExpressibleByArgument {}

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
