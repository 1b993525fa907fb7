import AEGPU
import ArgumentParser
import Benchmarks
import Devices
import Foundation
import Reports
import RunReports
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes an HTML report about a trained run, or about several runs side by side.",
    discussion: """
      One self-contained HTML file for any browser, for phones and for printing: losses by epoch, the \
      numbers of evaluate, the worst and best reconstructions, samples, codes by label, units of a \
      variational code, use of a codebook, anomalies, time by kernel, the device, the recipe, and the \
      command that repeats the run. Parts that do not apply to the model are left out; if a part could \
      not be computed, the report says why.

        aegpu report last
        aegpu report runs/mine --data new.csv --output mine.html
        aegpu report runs/first runs/second --output both.html
      """)

  @Argument(
    help: "Run folders, weights or checkpoint files in them, or last.", completion: .runs)
  var runs: [String]

  @OptionGroup var place: PlaceOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp(
      "File to write; - is standard output. (default: report.html in the run folder, or in the current "
        + "folder for several runs)", valueName: "file"))
  var output: String?

  @Flag(help: "Replace an existing file.")
  var overwrite = false

  @Flag(help: "Leave out the time by kernel, whose measurement takes some seconds.")
  var withoutProfile = false

  func validate() throws {
    guard runs.count == 1 || about.data != "-" else {
      throw ValidationError("--data: expected a name or a path with several runs, received -")
    }
  }

  func run() throws {
    let folders = try runs.map { try RunFolder.named($0).folder }
    let path = output ?? (runs.count == 1 ? folders[0].report : "report.html")
    guard overwrite || path == "-" || !FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        "\(path): expected no file, found one; choose another with --output, or add --overwrite")
    }
    // An unwritable file must be reported before the long computation.
    let file = try OutputFile(path)
    let page = ReportPage(try runs.map(report), made: Date(), version: Program.version)
    try file.write(page.html())
    try file.finish()
    Program.note("a report of \(Numbers.counted(runs.count, "run"))", in: path)
  }

  private func report(_ name: String) throws -> RunReport {
    let run = try OpenRun(name, place)
    var report = try run.autoencoder.report { try run.shown(about) }
    report.profile = profile(run, report.environment)
    return report
  }

  /// The time by kernel, on the device of the run unless `--device` names another.
  private func profile(_ run: OpenRun, _ environment: RunEnvironment) -> Finding<Profile> {
    guard !withoutProfile else { return .missing("Not measured: --without-profile was given.") }
    return Finding {
      let made =
        try place.device == .automatic ? Program.devices.choice(of: environment) : place.device
      guard let made else {
        throw Failure(
          "Not measured: the device of the run, \(environment.device.name) "
            + "(\(environment.device.driver)), is not on this machine.")
      }
      // Nothing may compile during a measurement.
      Helpers.end()
      return try Profile(run.recipe, runs: 10, .brief, on: made.open(for: run.recipe))
    }
  }
}

extension BenchmarkSettings {
  /// Settings for a report: a second or two is enough, as the best window is not needed.
  fileprivate static var brief: BenchmarkSettings {
    var settings = BenchmarkSettings()
    (settings.windows, settings.windowSeconds, settings.batches) = (5, 0.1, 10)
    settings.peakSizes = [1024]
    return settings
  }
}
