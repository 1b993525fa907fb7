import Benchmarks
import Foundation
import Reports

/// A recipe on a device, as `aegpu bench` shows it. Each part is measured in a separate process: the
/// pinned threads and the memory of one backend would disturb the next measurement.
struct BenchRow: Encodable {
  struct FirstSteps: Encodable {
    let cold: FirstStep
    let warm: FirstStep
  }

  let firstStep: FirstSteps
  let measured: BenchmarkRow

  /// - Parameter arguments: those of a process that measures a part, without the part.
  init(_ arguments: [String]) throws {
    let cache = FileManager.default.temporaryDirectory
      .appendingPathComponent("aegpu-bench-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let variables = [
      "POCL_CACHE_DIR", "CUDA_CACHE_PATH", "NEO_CACHE_DIR", "MESA_SHADER_CACHE_DIR",
      "XDG_CACHE_HOME",
    ]
    let caches = Dictionary(uniqueKeysWithValues: variables.map { ($0, cache) })
    func takeFirstStep() throws -> FirstStep {
      try BenchPart.firstStep.measure(arguments, environment: caches)
    }
    firstStep = FirstSteps(cold: try takeFirstStep(), warm: try takeFirstStep())
    measured = try BenchPart.windows.measure(arguments, environment: caches)
  }

  enum CodingKeys: String, CodingKey {
    case firstStep
  }

  /// One object: what was measured, and `firstStep`.
  func encode(to encoder: any Encoder) throws {
    try measured.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(firstStep, forKey: .firstStep)
  }

  static func table(_ rows: [BenchRow]) -> String {
    var table = TextTable([
      .text("recipe"), .text("device"), .number("batch"), .number("examples/s"), .number("best"),
      .number("ms a step"), .number("GFLOP/s"), .number("of peak"), .number("of products"),
      .number("launches"), .number("host ms"), .number("cold s"), .number("warm s"),
      .number("host MiB"), .number("device MiB"),
    ])
    for row in rows {
      let measured = row.measured
      table.append([
        measured.recipe, measured.device, "\(measured.batchSize)",
        Numbers.grouped(Int(measured.samplesPerSecond.median.rounded())),
        Numbers.grouped(Int(measured.samplesPerSecond.best.rounded())),
        Numbers.short(measured.secondsPerStep.median * 1e3),
        Numbers.short(measured.floatingPointOperationsPerSecond.median * 1e-9),
        Numbers.percent(measured.shareOfPeak), Numbers.percent(measured.shareOfProducts),
        "\(measured.launchesPerStep)", Numbers.short(measured.hostSecondsPerStep * 1e3),
        Numbers.short(row.firstStep.cold.seconds), Numbers.short(row.firstStep.warm.seconds),
        row.firstStep.warm.peakHostBytes.map(mebibytes) ?? "",
        mebibytes(row.firstStep.warm.peakDeviceBytes),
      ])
    }
    return ([table.description, ""] + devices(rows)).joined(separator: "\n")
  }

  /// One line per device, with the peaks that were measured together with its recipes.
  private static func devices(_ rows: [BenchRow]) -> [String] {
    var lines: [String] = []
    var seen: Set<String> = []
    for first in rows.map(\.measured) where seen.insert(first.device).inserted {
      let peaks = rows.map(\.measured).filter { $0.device == first.device }.map(\.peak)
      let rates = peaks.map { $0.floatingPointOperationsPerSecond.median * 1e-9 }
      let least = rates.count == 1 ? "" : "\(Numbers.short(rates.min()!)) to "
      let products = Set(peaks.map(\.product)).sorted().joined(separator: ", ")
      lines.append(
        "device \(first.device) is \(first.deviceName), driver \(first.driver); peak \(least)"
          + "\(Numbers.short(rates.max()!)) GFLOP/s (\(products))")
    }
    return lines
  }

  private static func mebibytes(_ count: Int) -> String {
    Numbers.grouped(Int((Double(count) / 1_048_576).rounded()))
  }
}
