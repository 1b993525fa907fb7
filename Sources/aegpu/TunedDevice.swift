import Plans
import Recipes
import Reports
import Training
import Tuning

/// A device with what `tune` kept for it, which is read once.
struct TunedDevice {
  /// `nil` where the user has no cache folder.
  static let folder = TuningFolder(environment: Program.variable)

  let device: DeviceInformation
  /// `nil` where there is none that serves; then the defaults do.
  let record: TuningRecord?

  /// A record that does not serve is told of.
  /// - Parameter otherwise: what happens then.
  init(_ device: DeviceInformation, otherwise consequence: String? = nil) {
    self.device = device
    let command = device.kind == .native ? "tune" : "tune --device \(device.identifier)"
    do {
      record = try Self.folder?.record(of: device)
    } catch {
      record = nil
      Program.complain(
        "\(error); \(consequence ?? "the defaults serve, and aegpu \(command) measures anew")")
    }
  }

  /// The fastest of these devices for a recipe, which is told; `nil` unless each was timed.
  static func fastest(of devices: [TunedDevice], for recipe: Recipe) throws -> TunedDevice? {
    var fastest: (tuned: TunedDevice, rate: Double)?
    for tuned in devices {
      guard let rate = try tuned.record?.rate(of: recipe)?.samplesPerSecond else { return nil }
      if rate > fastest?.rate ?? 0 { fastest = (tuned, rate) }
    }
    guard let (tuned, rate) = fastest else { return nil }
    Program.complain(
      "device \(tuned.device.identifier) (\(tuned.device.name)) is the fastest for "
        + "\(recipe.name): \(Numbers.grouped(Int(rate.rounded()))) examples/s as aegpu tune timed "
        + "them")
    return tuned
  }
}
