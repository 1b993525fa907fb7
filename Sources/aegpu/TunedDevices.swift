import Plans
import Recipes
import Reports
import Training
import Tuning

/// What `tune` kept, as the other commands use it.
enum TunedDevices {
  /// `nil` where the user has no cache folder.
  static let folder = TuningFolder(environment: Program.variable)

  /// The device's record; one that does not serve is told of, and the defaults do.
  static func record(of device: DeviceInformation) -> TuningRecord? {
    do {
      return try folder?.record(of: device)
    } catch {
      Program.complain(
        "\(error); the defaults serve, and aegpu tune --device \(device.identifier) measures anew")
      return nil
    }
  }

  /// The fastest of these devices for a recipe, which is told; `nil` unless each was timed.
  static func fastest(
    for recipe: Recipe, of devices: [DeviceInformation]
  ) throws -> DeviceInformation? {
    var fastest: (device: DeviceInformation, rate: Double)?
    for device in devices {
      guard let rate = try record(of: device)?.samplesPerSecond(recipe) else { return nil }
      if rate > fastest?.rate ?? 0 { fastest = (device, rate) }
    }
    guard let (device, rate) = fastest else { return nil }
    Program.complain(
      "device \(device.identifier) (\(device.name)) is the fastest for \(recipe.name): "
        + "\(Numbers.grouped(Int(rate.rounded()))) examples/s as aegpu tune timed them")
    return device
  }
}
