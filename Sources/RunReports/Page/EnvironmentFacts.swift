import Benchmarks
import Plans
import Reports
import Training

/// The device and environment of the run.
struct EnvironmentFacts {
  private let run: RunReport

  init(_ run: RunReport) { self.run = run }

  var pieces: [HTML] {
    let environment = run.environment
    let device = environment.device
    var facts: [(name: String, value: HTML)] = [
      ("program", "\(environment.program) \(environment.version)"),
      ("device", .text(device.text)), ("kind", .text(device.kind.rawValue)),
      ("vendor", .text(device.vendor)), ("driver", .text(device.driver)),
      ("version", .text(device.version)),
      ("compute units", "\(device.computeUnits)"),
      ("clock", "\(Numbers.grouped(device.clockMegahertz)) MHz"),
      ("memory", .text(Self.bytes(device.globalMemoryBytes))),
    ]
    if let vectors = device.vectorInstructions { facts.append(("vectors", .text(vectors))) }
    facts.append(("random seed", "\(environment.seed)"))
    if let model = environment.model {
      let shape = model.shape.map(String.init).joined(separator: "×")
      facts.append(("example", "\(shape), \(model.areBytes ? "bytes" : "numbers")"))
    }
    if let weights = environment.initialWeights {
      facts.append(("initial weights", .text(weights.path)))
    }
    if let schedule = environment.tuning?.schedule { facts.append(("launches", .text(schedule))) }
    var files = TextTable([.text("file"), .text("data set"), .text("SHA-256")])
    for data in environment.data {
      for file in data.files {
        let part = file.hashedBytes.map { " of its first \(Numbers.grouped($0)) bytes" } ?? ""
        files.append([file.path, data.name, file.sha256 + part])
      }
    }
    let table: [HTML] =
      files.rows.isEmpty ? [] : [.table(files, caption: "Data files of the run")]
    return [.facts(facts)] + table
  }

  private static func bytes(_ count: Int) -> String {
    "\(Numbers.short(Double(count) / Double(1 << 30))) GiB"
  }
}

/// The time of a training step, by kernel.
struct ProfileTable {
  private let profile: Profile

  init(_ profile: Profile) { self.profile = profile }

  var pieces: [HTML] {
    var table = TextTable([
      .text("kernel"), .number("launches"), .number("time, µs"), .number("GFLOP/s"),
      .number("GB/s"), .number("of limit"),
    ])
    for kernel in profile.kernels {
      let cost = kernel.cost
      table.append([
        kernel.kernel, "\(cost.launches)", Numbers.short(cost.seconds * 1e6),
        Numbers.short(cost.floatingPointOperationsPerSecond * 1e-9),
        Numbers.short(cost.bytesPerSecond * 1e-9), cost.shareOfLimit.map(Numbers.percent) ?? "",
      ])
    }
    return [
      .paragraph(
        "A training step of batch size \(profile.batchSize) takes \(Numbers.short(profile.secondsPerStep * 1e3)) ms in training, and \(Numbers.short(profile.total.seconds * 1e3)) ms as \(profile.total.launches) separate launches. Measured for this report on device \(profile.device) (\(profile.deviceName), driver \(profile.driver)): medians over \(Numbers.counted(profile.runs, "step")) on random examples. The limit is max(FLOPs / \(Numbers.short(profile.limits.floatingPointOperationsPerSecond * 1e-9)) GFLOP/s, bytes / \(Numbers.short(profile.limits.bytesPerSecond * 1e-9)) GB/s)."
      ),
      .table(
        table, caption: "Time of a training step by kernel, the longest first",
        shares: profile.kernels.map(\.cost.shareOfTime)),
    ]
  }
}
