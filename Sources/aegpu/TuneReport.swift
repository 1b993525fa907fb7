import OpenCLBackend
import Plans
import Reports
import Tuning

/// The result of `tune` for one device.
struct TuneResult: Encodable {
  let device: DeviceInformation
  /// The file with the result.
  let file: String
  let products: [TuningRecord.Product]
}

/// How fast a recipe trains on one device.
struct TuneRate: Encodable {
  let recipe: String
  let device: String
  let samplesPerSecond: Double
  let schedule: Schedule?

  init(_ rate: TuningRecord.Rate, on device: DeviceInformation) {
    (recipe, self.device) = (rate.recipe, device.identifier)
    (samplesPerSecond, schedule) = (rate.samplesPerSecond, rate.schedule)
  }
}

/// What `tune` prints.
struct TuneReport: Encodable {
  let devices: [TuneResult]
  let rates: [TuneRate]

  var text: String {
    (devices.map(Self.text) + [Self.table(rates)]).joined(separator: "\n\n")
  }

  private static func text(_ result: TuneResult) -> String {
    var table = TextTable([
      .text("product"), .text("default"), .number("µs"), .text("fastest"), .number("µs"),
      .number("GFLOP/s"), .number("faster by"), .number("wrong"),
    ])
    for product in result.products {
      let (usual, fastest, shape) = (product.usual, product.fastest, product.shape)
      let operations = 2 * Double(shape.m) * Double(shape.n) * Double(shape.k)
      table.append([
        shape.description, usual?.candidate.description ?? "none correct",
        usual.map { Numbers.short($0.microseconds) } ?? "",
        fastest == usual ? "same" : fastest.candidate.description,
        Numbers.short(fastest.microseconds),
        Numbers.short(operations / fastest.microseconds * 1e-3),
        usual.map { Self.gain(fastest, over: $0) } ?? "",
        product.wrong.isEmpty ? "" : "\(product.wrong.count)",
      ])
    }
    return """
      device \(result.device.identifier) is \(result.device.name), driver \(result.device.driver)

      \(table)

      stored in \(result.file)
      """
  }

  private static func gain(
    _ fastest: TuningRecord.Product.Timed, over usual: TuningRecord.Product.Timed
  ) -> String {
    fastest == usual ? "" : Numbers.percent(usual.microseconds / fastest.microseconds - 1)
  }

  private static func table(_ rates: [TuneRate]) -> String {
    var table = TextTable([
      .text("recipe"), .text("device"), .number("examples/s"), .text("schedule"),
    ])
    for rate in rates {
      table.append([
        rate.recipe, rate.device, Numbers.grouped(Int(rate.samplesPerSecond.rounded())),
        rate.schedule?.rawValue ?? "",
      ])
    }
    return table.description
  }
}
