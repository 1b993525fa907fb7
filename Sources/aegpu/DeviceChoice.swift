import ArgumentParser
import CPUBackend
import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend
import Training

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
    _ = faultsAreTold
    return try OpenCLDevices.all() + [CPUBackend().device]
  }

  /// Tells once what is passed over.
  private static let faultsAreTold: Void = {
    for fault in (try? OpenCLDevices.faults()) ?? [] { Program.complain(fault) }
  }()

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

  /// The device that a run was made on, as it is numbered now; `nil` where it is not there.
  static func device(of environment: RunEnvironment) throws -> DeviceChoice? {
    let made = environment.device
    switch made.identifier {
    case "cpu": return .native
    case "reference": return .reference
    default:
      // A driver that fails is no reason not to train.
      let devices = (try? all()) ?? []
      let same = devices.filter { $0.isSame(as: made) }
      let found = same.first { $0.identifier == made.identifier } ?? same.first
      return found.flatMap { Int($0.identifier) }.map { .openCL($0) }
    }
  }

  /// Opens the device for a run that goes on. Where it is the one that the run was made on, it
  /// computes as it did: that decides the bits of the weights.
  func open(for recipe: Recipe, as made: RunEnvironment) throws -> any Backend {
    switch self {
    case .native where made.device.identifier == "cpu":
      let backend = CPUBackend(threads: made.device.computeUnits)
      backend.pinThreads()
      return backend
    case .openCL(let index) where try Self.device(index, of: Self.all()).isSame(as: made.device):
      let backend = try Self.openCL(index, products: ProductTable(made.tuning?.products ?? []))
      backend.schedule = made.tuning?.schedule.flatMap { Schedule(rawValue: $0) }
      if made.device.version.contains("PoCL") { backend.onColdBuild = Helpers.compile }
      return backend
    default: return try open(for: recipe)
    }
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

extension DeviceInformation {
  /// Whether it is of one kind with another and has the same driver, so that it computes the same
  /// bits.
  func isSame(as other: DeviceInformation) -> Bool {
    (name, driver, version) == (other.name, other.driver, other.version)
  }
}

extension RunEnvironment.Tuning {
  /// What `tune` had kept for the device that a backend opened; `nil` where nothing was.
  init?(_ backend: any Backend) {
    guard let backend = backend as? OpenCLBackend else { return nil }
    let products = backend.products.list
    guard !products.isEmpty || backend.schedule != nil else { return nil }
    self.init(products: products, schedule: backend.schedule?.rawValue)
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
