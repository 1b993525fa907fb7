import CPUBackend
import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend
import Reports
import Synchronization
import Training
import Tuning

/// Finds and opens devices: the one place that knows every backend.
package struct DeviceChooser: Sendable {
  /// Told what a person should know: a driver that is passed over, a record that does not serve.
  let notice: @Sendable (String) -> Void
  /// Given the kernels that a driver, which compiles one at a time in each process, has not built yet.
  let compile: (@Sendable (Precompilation) -> Void)?
  /// Whether threads are tied to CPUs, which is a whole program's to decide.
  let pinsThreads: Bool
  /// What `tune` found; `nil` where the user has no cache folder.
  package let folder: TuningFolder?
  private let faults: FaultNotice

  /// - Parameter environment: a variable's value.
  package init(
    notice: @escaping @Sendable (String) -> Void, pinsThreads: Bool,
    compile: (@Sendable (Precompilation) -> Void)? = nil, environment: (String) -> String?
  ) {
    self.notice = notice
    self.compile = compile
    self.pinsThreads = pinsThreads
    folder = TuningFolder(environment: environment)
    faults = FaultNotice(notice)
  }

  /// Every device that can be chosen: those of OpenCL by their numbers, then `cpu`.
  package func all() throws -> [DeviceInformation] {
    preferPinnedThreads()
    faults.tell()
    return try OpenCLDevices.all() + [CPUBackend().device]
  }

  /// An OpenCL device by its number.
  package static func device(
    _ index: Int, of devices: [DeviceInformation]
  ) throws -> DeviceInformation {
    guard let device = devices.first(where: { $0.identifier == String(index) }) else {
      throw UnknownDevice(index: index, devices: devices)
    }
    return device
  }

  /// - Parameter products: which candidate computes which product.
  package func openCL(
    _ index: Int, products: ProductTable = ProductTable()
  ) throws -> OpenCLBackend {
    try OpenCLBackend(deviceIndex: index, products: products) { [notice] count in
      notice("building \(count) kernels; drivers keep them for the next run")
    }
  }

  /// A device with what `tune` kept for it. A record that does not serve is told of.
  /// - Parameter consequence: what happens then.
  package func tuned(
    _ device: DeviceInformation, otherwise consequence: String? = nil
  ) -> TunedDevice {
    do {
      return TunedDevice(device: device, record: try folder?.record(of: device))
    } catch {
      let command = device.kind == .native ? "tune" : "tune --device \(device.identifier)"
      notice(
        "\(error); \(consequence ?? "the defaults serve, and aegpu \(command) measures anew")")
      return TunedDevice(device: device, record: nil)
    }
  }

  /// The device that a run was made on, as it is numbered now; `nil` where it is not there.
  package func choice(of environment: RunEnvironment) throws -> DeviceChoice? {
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
  package func open(
    _ choice: DeviceChoice, for recipe: Recipe, as made: RunEnvironment
  ) throws -> any Backend {
    switch choice {
    case .native where made.device.identifier == "cpu":
      return native(CPUBackend(threads: made.device.computeUnits))
    case .openCL(let index) where try Self.device(index, of: all()).isSame(as: made.device):
      let backend = try openCL(index, products: ProductTable(made.tuning?.products ?? []))
      backend.schedule = made.tuning?.schedule.flatMap { Schedule(rawValue: $0) }
      return helped(backend, made.device)
    default: return try open(choice, for: recipe)
    }
  }

  /// Opens the device for a recipe.
  /// - Parameter schedule: an OpenCL device's, whatever `tune` kept.
  package func open(
    _ choice: DeviceChoice, for recipe: Recipe, schedule: Schedule? = nil
  ) throws -> any Backend {
    switch choice {
    case .reference: return ReferenceBackend()
    case .native: return native(CPUBackend())
    case .openCL(let index):
      return try open(tuned(Self.device(index, of: all())), for: recipe, schedule)
    case .automatic:
      preferPinnedThreads()
      // A driver that fails is no reason not to train.
      let devices = (((try? OpenCLDevices.all()) ?? []) + [CPUBackend().device]).map { tuned($0) }
      let chosen =
        try fastest(of: devices, for: recipe) ?? devices.first { $0.device.kind == .gpu }
      guard let chosen, chosen.device.kind != .native else {
        return try open(.native, for: recipe)
      }
      return try open(chosen, for: recipe, schedule)
    }
  }

  /// The fastest of these devices for a recipe, which is told; `nil` unless each was timed.
  private func fastest(
    of devices: [TunedDevice], for recipe: Recipe
  ) throws -> TunedDevice? {
    var fastest: (tuned: TunedDevice, rate: Double)?
    for tuned in devices {
      guard let rate = try tuned.record?.rate(of: recipe)?.samplesPerSecond else { return nil }
      if rate > fastest?.rate ?? 0 { fastest = (tuned, rate) }
    }
    guard let (tuned, rate) = fastest else { return nil }
    notice(
      "device \(tuned.device.identifier) (\(tuned.device.name)) is the fastest for "
        + "\(recipe.name): \(Numbers.grouped(Int(rate.rounded()))) examples/s as aegpu tune timed "
        + "them")
    return tuned
  }

  /// Opens an OpenCL device with what `tune` kept for it.
  private func open(
    _ tuned: TunedDevice, for recipe: Recipe, _ schedule: Schedule?
  ) throws -> OpenCLBackend {
    let backend = try openCL(
      Int(tuned.device.identifier)!, products: tuned.record?.table ?? ProductTable())
    let kept = try tuned.record?.rate(of: recipe)?.schedule
    backend.schedule = schedule ?? kept
    return helped(backend, tuned.device)
  }

  private func helped(_ backend: OpenCLBackend, _ device: DeviceInformation) -> OpenCLBackend {
    if device.version.contains("PoCL") { backend.onColdBuild = compile }
    return backend
  }

  private func native(_ backend: CPUBackend) -> CPUBackend {
    if pinsThreads { backend.pinThreads() }
    return backend
  }

  private func preferPinnedThreads() {
    if pinsThreads { OpenCLBackend.preferPinnedThreads() }
  }
}

/// Tells once what is passed over.
private final class FaultNotice: Sendable {
  private let text: @Sendable (String) -> Void
  private let isTold = Mutex(false)

  init(_ text: @escaping @Sendable (String) -> Void) { self.text = text }

  func tell() {
    let isFirst = isTold.withLock { told in
      defer { told = true }
      return !told
    }
    if isFirst { for fault in (try? OpenCLDevices.faults()) ?? [] { text(fault) } }
  }
}

extension DeviceInformation {
  /// Whether it is of one kind with another and has the same driver, so that it computes the same
  /// bits.
  package func isSame(as other: DeviceInformation) -> Bool {
    (name, driver, version) == (other.name, other.driver, other.version)
  }
}

extension RunEnvironment.Tuning {
  /// What `tune` had kept for the device that a backend opened; `nil` where nothing was.
  package init?(_ backend: any Backend) {
    guard let backend = backend as? OpenCLBackend else { return nil }
    let products = backend.products.list
    guard !products.isEmpty || backend.schedule != nil else { return nil }
    self.init(products: products, schedule: backend.schedule?.rawValue)
  }
}

/// A device number that does not exist.
private struct UnknownDevice: Error, CustomStringConvertible {
  let index: Int
  let devices: [DeviceInformation]

  var description: String {
    let list = devices.map { "\($0.identifier) (\($0.name))" }.joined(separator: ", ")
    return "device: expected one of \(list), received \(index)"
  }
}
