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
    abstract: "Writes a page about a trained run, or about several side by side.",
    discussion: """
      One HTML file with all that it shows in it, for any browser, for a phone and for paper: losses by \
      epoch, the numbers of evaluate, the worst and the best reconstructions, samples, codes by label, \
      units of a variational code, a codebook's use, anomalies, time by kernel, the device, the recipe, \
      and the command that repeats the run. What has no meaning for a model is not there; what could \
      not be made is said.

        aegpu report last
        aegpu report runs/mine --data new.csv --output mine.html
        aegpu report runs/first runs/second --output both.html
      """)

  @Argument(
    help: "Folders of runs, weights or checkpoint files in them, or last.", completion: .runs)
  var runs: [String]

  @OptionGroup var place: PlaceOptions
  @OptionGroup var about: ShownOptions

  @Option(
    help: ArgumentHelp(
      "The file to write; - is standard output. (default: report.html in the run's folder; of several "
        + "runs in this one)", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the file where there is one.")
  var overwrite = false

  @Flag(help: "Leave out the time by kernel, which takes some seconds to measure.")
  var withoutProfile = false

  func validate() throws {
    guard runs.count == 1 || about.data != "-" else {
      throw ValidationError("--data: expected a name or a path for several runs, received -")
    }
  }

  func run() throws {
    let folders = try runs.map { try RunFolder.named($0).folder }
    let path = output ?? (runs.count == 1 ? folders[0].report : "report.html")
    guard overwrite || path == "-" || !FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        "\(path): expected no file, found one; choose another with --output, or say --overwrite")
    }
    // A file that cannot be written is said before anything is made for it.
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

  /// Where the time goes on the device that the run was made on, unless another is named.
  private func profile(_ run: OpenRun, _ environment: RunEnvironment) -> Finding<Profile> {
    guard !withoutProfile else { return .missing("Not measured: --without-profile was given.") }
    return Finding {
      let made =
        try place.device == .automatic ? Program.devices.choice(of: environment) : place.device
      guard let made else {
        throw Failure(
          "Not measured: the device of the run, \(environment.device.name) "
            + "(\(environment.device.driver)), is not here.")
      }
      // Nothing compiles beside what is timed.
      Helpers.end()
      return try Profile(run.recipe, runs: 10, .brief, on: made.open(for: run.recipe))
    }
  }
}

extension BenchmarkSettings {
  /// For a report: a second or two, where the best of many windows is not asked for.
  fileprivate static var brief: BenchmarkSettings {
    var settings = BenchmarkSettings()
    (settings.windows, settings.windowSeconds, settings.batches) = (5, 0.1, 10)
    settings.peakSizes = [1024]
    return settings
  }
}
