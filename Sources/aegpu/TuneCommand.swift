import ArgumentParser
import Benchmarks
import Devices
import Foundation
import OpenCLBackend
import Plans
import Recipes
import Tuning

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Finds the fastest way to compute each matrix product of recipes on a device.",
    discussion: """
      Runs every candidate for every matrix product of the recipe and compares it with the CPU backend's \
      result; incorrect candidates are rejected and reported. The fastest correct candidate is stored in \
      the device's file in the folder tuned of $AEGPU_CACHE_DIR, $XDG_CACHE_HOME/aegpu or \
      ~/.cache/aegpu. The commands train, bench and profile use this file. It can be copied to another \
      machine with the same device and driver. Then whole recipes are timed on every device, on OpenCL \
      devices with each way to queue launches, and --device auto chooses the fastest. Needs no data.
      """)

  @OptionGroup var options: MeasuredRecipes

  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices; repeatable. (default: every OpenCL device)",
      valueName: "n"))
  var device: [Int] = []

  @Flag(help: "Measure only what is not in the device's file yet.")
  var missing = false

  @Option(help: "Timing windows of each candidate.")
  var windows = ProductTuner.Settings().windows

  @Option(help: "Shortest length of a timing window, in seconds.")
  var seconds = ProductTuner.Settings().windowSeconds

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("windows", windows)])
    try RecipeOptions.expectSeconds(seconds)
  }

  func run() throws {
    guard let folder = Program.devices.folder else {
      throw Failure(
        "tune: expected a folder for the results from AEGPU_CACHE_DIR, XDG_CACHE_HOME or HOME, found none "
          + "of these variables")
    }
    let measured = try options.measured()
    let devices = try Program.devices.all()
    let chosen = try chosen(of: devices)
    try folder.create()
    measured.compactMap(\.note).forEach(Program.complain)
    var results: [TuneResult] = []
    for device in chosen {
      results.append(try tune(measured.map(\.recipe), on: device, in: folder))
    }
    Interruption.listen()
    let rates = try time(measured, on: devices, in: folder)
    switch format {
    case .json: try Console.print(TuneReport(devices: results, rates: rates).jsonText())
    case .text: try Console.print(TuneReport(devices: results, rates: rates).text)
    }
  }

  private func chosen(of devices: [DeviceInformation]) throws -> [DeviceInformation] {
    guard !device.isEmpty else { return devices.filter { $0.kind != .native } }
    return try device.map { try DeviceChooser.device($0, of: devices) }
  }

  /// Measures the products of all recipes; stores the results after each recipe.
  private func tune(
    _ recipes: [Recipe], on device: DeviceInformation, in folder: TuningFolder
  ) throws -> TuneResult {
    var settings = ProductTuner.Settings()
    (settings.windows, settings.windowSeconds) = (windows, seconds)
    let tuner = ProductTuner(try Program.devices.openCL(Int(device.identifier)!), settings)
    var record = Self.record(of: device)
    let known = missing ? record.products.map(\.shape) : []
    var products: [TuningRecord.Product] = []
    for recipe in recipes {
      products += try tuner.tune(recipe, except: Set(known + products.map(\.shape))) { shape in
        Program.complain("device \(device.identifier), \(recipe.name): \(shape)")
      } fault: { fault in
        Program.complain("\(fault)")
      }
      products.forEach { record.add($0) }
      try folder.write(record, of: device)
    }
    return TuneResult(device: device, file: folder.file(of: device), products: products)
  }

  /// Times whole recipes on every device, each in a separate process.
  private func time(
    _ recipes: [MeasuredRecipe], on devices: [DeviceInformation], in folder: TuningFolder
  ) throws -> [TuneRate] {
    var rates: [TuneRate] = []
    for device in devices {
      var record = Self.record(of: device)
      for measured in recipes {
        if missing, let known = try record.rate(of: measured.recipe),
          known.schedule != nil || device.kind == .native
        {
          continue
        }
        Program.complain("timing \(measured.recipe.name) on \(device.identifier)")
        let rate = try Self.rate(measured, on: device)
        record.add(rate)
        try folder.write(record, of: device)
        rates.append(TuneRate(rate, on: device))
      }
    }
    return rates
  }

  /// The best rate of a recipe; on an OpenCL device, with the best way to queue launches.
  private static func rate(
    _ measured: MeasuredRecipe, on device: DeviceInformation
  ) throws -> TuningRecord.Rate {
    let schedules: [Schedule?] =
      switch device.kind {
      case .native: [nil]
      // Two queues first: the default if only products were measured.
      case .cpu: [.twoQueues, .oneQueue, .fused]
      case .gpu, .accelerator, .other: [.oneQueue, .twoQueues]
      }
    let rates = try schedules.map { schedule in
      let row: BenchmarkRow = try BenchPart.windows.measure(
        measured.arguments(device.identifier) + ["--windows", "3", "--seconds", "0.2"]
          + (schedule.map { ["--schedule", $0.rawValue] } ?? []))
      return try TuningRecord.Rate(
        measured.recipe, samplesPerSecond: row.samplesPerSecond.best, schedule: schedule)
    }
    let best = rates.max { $0.samplesPerSecond < $1.samplesPerSecond }!
    // A difference below 3 % is noise.
    return best.samplesPerSecond > 1.03 * rates[0].samplesPerSecond ? best : rates[0]
  }

  /// The stored record, or an empty one.
  private static func record(of device: DeviceInformation) -> TuningRecord {
    Program.devices.tuned(device, otherwise: "it is replaced").record
      ?? TuningRecord(TuningRecord.Device(device))
  }
}
