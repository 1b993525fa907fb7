import ArgumentParser
import CPUBackend
import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend

/// What `--device` names; the one place that knows every backend.
enum DeviceChoice: Hashable, Sendable, ExpressibleByArgument {
  /// The fastest for the recipe where `tune` has timed them all; else a GPU if there is one, else
  /// the native backend.
  case automatic
  case native
  /// The judge of the others: slow, and not in the help.
  case reference
  case openCL(Int)

  init?(argument: String) {
    switch argument {
    case "auto": self = .automatic
    case "cpu": self = .native
    case "reference": self = .reference
    default:
      guard let index = Int(argument), index >= 0 else { return nil }
      self = .openCL(index)
    }
  }

  /// Every device that can be chosen: those of OpenCL by their numbers, then `cpu`.
  static func all() throws -> [DeviceInformation] {
    OpenCLBackend.preferPinnedThreads()
    return try OpenCLDevices.all() + [CPUBackend().device]
  }

  /// - Parameter products: which candidate computes which product.
  static func openCL(
    _ index: Int, products: ProductTable = ProductTable()
  ) throws -> OpenCLBackend {
    try OpenCLBackend(deviceIndex: index, products: products) { count in
      Program.complain("building \(count) kernels; drivers keep them for the next run")
    }
  }

  /// An OpenCL device by its number.
  static func device(
    _ index: Int, of devices: [DeviceInformation]
  ) throws -> DeviceInformation {
    guard let device = devices.first(where: { $0.identifier == String(index) }) else {
      throw UnknownDevice(index: index, devices: devices)
    }
    return device
  }

  /// Opens an OpenCL device with what `tune` kept for it.
  private static func open(
    _ tuned: TunedDevice, for recipe: Recipe, _ schedule: Schedule?
  ) throws -> OpenCLBackend {
    let backend = try openCL(
      Int(tuned.device.identifier)!, products: tuned.record?.table ?? ProductTable())
    let kept = try tuned.record?.rate(of: recipe)?.schedule
    backend.schedule = schedule ?? kept
    if tuned.device.version.contains("PoCL") { backend.onColdBuild = Helpers.compile }
    return backend
  }

  /// Opens the device for a recipe, and ties threads to CPUs, which is the program's to decide.
  /// - Parameter schedule: an OpenCL device's, whatever `tune` kept.
  func open(for recipe: Recipe, schedule: Schedule? = nil) throws -> any Backend {
    switch self {
    case .reference:
      return ReferenceBackend()
    case .native:
      let backend = CPUBackend()
      backend.pinThreads()
      return backend
    case .openCL(let index):
      let device = try Self.device(index, of: Self.all())
      return try Self.open(TunedDevice(device), for: recipe, schedule)
    case .automatic:
      OpenCLBackend.preferPinnedThreads()
      // A driver that fails is no reason not to train.
      let openCL = (try? OpenCLDevices.all()) ?? []
      let devices = (openCL + [CPUBackend().device]).map { TunedDevice($0) }
      let chosen =
        try TunedDevice.fastest(of: devices, for: recipe)
        ?? devices.first { $0.device.kind == .gpu }
      guard let chosen, chosen.device.kind != .native else {
        return try DeviceChoice.native.open(for: recipe)
      }
      return try Self.open(chosen, for: recipe, schedule)
    }
  }
}

/// A device number that does not exist.
struct UnknownDevice: Error, CustomStringConvertible {
  let index: Int
  let devices: [DeviceInformation]

  var description: String {
    let list = devices.map { "\($0.identifier) (\($0.name))" }.joined(separator: ", ")
    return "device: expected one of \(list), received \(index)"
  }
}
