import ArgumentParser
import Benchmarks
import Devices
import Foundation
import OpenCLBackend
import Plans
import Recipes

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how fast recipes train.",
    discussion: """
      Needs no data: the examples are random bytes. It times the training loop of train (shuffle, \
      gather, steps, reading the losses), without validation.

      Timing windows alternate between the whole step, its matrix products and convolutions alone, and \
      a few large matrix products for the device's peak. The numbers are medians; 'best' is the best \
      window. 'of peak': the step's FLOP/s / the peak. 'of products': matrix-product time / step \
      time, above 100 % if fusion is faster than separate launches. 'host ms': host time to queue a step; \
      on cpu, the time of the step. 'cold s' and 'warm s': seconds from program start to the end of the \
      first step, with an empty and a filled kernel cache. 'host MiB' and 'device MiB': peak memory at \
      that point, warm.
      """)

  @OptionGroup var options: MeasuredRecipes

  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices, cpu, auto or all; repeatable.",
      valueName: "n|cpu|auto|all"))
  var device: [DeviceSelection] = [.one("auto")]

  @Option(help: "Timing windows of each kind.")
  var windows = BenchmarkSettings().windows

  @Option(help: "Shortest length of a timing window, in seconds.")
  var seconds = BenchmarkSettings().windowSeconds

  @Option(help: "Batches per epoch; a timing window is a whole number of epochs.")
  var batches = BenchmarkSettings().batches

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  @Option(help: .hidden)
  var part: BenchPart?

  @Option(
    help: ArgumentHelp(
      "How to queue the launches of an OpenCL device. (default: as train does)",
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
    let devices = try device.flatMap { try $0.names }
    measured.compactMap(\.note).forEach(Program.complain)
    for device in devices {
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

  /// One part of the measurement: one recipe on one device, in this process.
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
      // The next process measures, or removes the driver's cache.
      defer { Helpers.end() }
      let step = try FirstStep(recipe, batches: settings.batches, since: since) {
        try choice.open(for: recipe, schedule: schedule)
      }
      try Console.print(step.jsonText())
    case .windows:
      // Nothing else may run during a measurement.
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
      case .all: try Program.devices.all().map(\.identifier)
      case .one(let name): [name]
      }
    }
  }
}
