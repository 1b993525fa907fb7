import CPUBackend
import OpenCLBackend
import Plans
import Ranks
import Recipes
import ReferenceBackend
import Reports
import Synchronization
import Training
import Tuning

/// Finds and opens devices. This is the only code that knows all backends.
package struct DeviceChooser: Sendable {
  /// Receives messages for the user, such as a driver that is ignored or a tuning file that cannot
  /// be used.
  let notice: @Sendable (String) -> Void
  /// Receives the kernels that are not compiled yet, for a driver that compiles one kernel at a
  /// time in each process.
  let compile: (@Sendable (Precompilation) -> Void)?
  /// Called again and again while a device does not answer.
  let silence: (@Sendable (SilentDevice) -> Void)?
  /// Told of each device that computes from now on, and what it does, such as `dense was checked`.
  let use: (@Sendable (DeviceInformation, String) -> Void)?
  /// Whether launches are checked before a device trains a network for the first time.
  let checksLaunches: Bool
  /// How long a device may take to answer.
  private let patience: Duration
  /// Whether to pin threads to CPUs, which only a whole program should decide.
  let pinsThreads: Bool
  /// The results of `tune`; `nil` if the user has no cache folder.
  package let folder: TuningFolder?
  private let probe: FirstLook
  private let faults: FaultNotice
  /// The place of this rank among those on this machine, which share its devices; `nil` alone.
  package var local: RankPlace?

  /// - Parameters:
  ///   - launcher: the command that starts this program again, to try drivers there first; `nil`:
  ///     drivers are trusted.
  ///   - environment: the value of an environment variable.
  package init(
    notice: @escaping @Sendable (String) -> Void, pinsThreads: Bool,
    compile: (@Sendable (Precompilation) -> Void)? = nil,
    silence: (@Sendable (SilentDevice) -> Void)? = nil,
    use: (@Sendable (DeviceInformation, String) -> Void)? = nil, launcher: String? = nil,
    environment: (String) -> String?
  ) {
    self.notice = notice
    self.compile = compile
    self.silence = silence
    self.use = use
    checksLaunches = environment("AEGPU_CHECK") != "0"
    // Tests alone set it.
    let patience = environment("AEGPU_TEST_PATIENCE").flatMap { Double($0) }
    self.patience = .seconds(patience ?? 60)
    self.pinsThreads = pinsThreads
    let folder = TuningFolder(environment: environment)
    self.folder = folder
    probe = FirstLook(
      launcher.flatMap {
        DriverProbe(launcher: $0, cache: folder?.cache, environment: environment)
      })
    faults = FaultNotice(notice)
  }

  /// Every device that can be chosen: the OpenCL devices by index, then `cpu`.
  package func all() throws -> [DeviceInformation] {
    lookAtDrivers()
    let found = try OpenCLDevices.found()
    faults.tell(found.faults)
    return found.devices + [CPUBackend().device]
  }

  /// To be called before the first call of OpenCL: drivers that would end or stop this process are
  /// left out and told of.
  package func lookAtDrivers() {
    preferThreads()
    let found = probe.look()
    if found.isFirst { found.faults.forEach { notice("\($0)") } }
  }

  /// The OpenCL devices that can be used, and a sentence for each driver or platform that cannot.
  package func drivers() -> (devices: [DeviceInformation], faults: [String]) {
    lookAtDrivers()
    let leftOut = probe.look().faults.map { "\($0)" }
    do {
      let found = try OpenCLDevices.found()
      return (found.devices, leftOut + found.faults)
    } catch {
      return ([], leftOut + ["\(error)"])
    }
  }

  /// The same where OpenCL's loader fails, too, which is told: that is no reason not to train.
  private func allThatAnswer() -> [DeviceInformation] {
    do {
      return try all()
    } catch {
      faults.tell(["no OpenCL device can be used: \(error)"])
      return [CPUBackend().device]
    }
  }

  /// An OpenCL device by its index.
  package static func device(
    _ index: Int, of devices: [DeviceInformation]
  ) throws -> DeviceInformation {
    guard let device = devices.first(where: { $0.identifier == String(index) }) else {
      throw UnknownDevice(index: index, devices: devices)
    }
    return device
  }

  /// - Parameter products: the candidate for each product.
  package func openCL(
    _ index: Int, products: ProductTable = ProductTable()
  ) throws -> OpenCLBackend {
    try OpenCLBackend(
      deviceIndex: index, products: products,
      onSlowBuild: { [notice] count in
        notice("compiling \(count) kernels; the driver caches them for the next run")
      }, patience: patience, onSilence: silence)
  }

  /// A device with the results that `tune` stored for it. A file that cannot be used is reported.
  /// - Parameter consequence: the end of that message.
  package func tuned(
    _ device: DeviceInformation, otherwise consequence: String? = nil
  ) -> TunedDevice {
    do {
      return TunedDevice(device: device, record: try folder?.record(of: device))
    } catch {
      let command = device.kind == .native ? "tune" : "tune --device \(device.identifier)"
      notice(
        "\(error); \(consequence ?? "the defaults are used, and aegpu \(command) measures again")")
      return TunedDevice(device: device, record: nil)
    }
  }

  /// The device of a run, with its present index; `nil` if it is not on this machine.
  package func choice(of environment: RunEnvironment) throws -> DeviceChoice? {
    let made = environment.device
    switch made.identifier {
    case "cpu": return .native
    case "reference": return .reference
    default:
      let same = allThatAnswer().filter { $0.isSame(as: made) }
      let found = same.first { $0.identifier == made.identifier } ?? same.first
      return found.flatMap { Int($0.identifier) }.map { .openCL($0) }
    }
  }

  /// Opens the device to resume a run. If it is the device of the run, the same kernels are used,
  /// so that the weights have the same bits.
  package func open(
    _ choice: DeviceChoice, for recipe: Recipe, as made: RunEnvironment
  ) throws -> any Backend {
    switch choice {
    case .native where made.device.identifier == "cpu" && local == nil:
      return native(CPUBackend(threads: made.device.computeUnits))
    case .openCL(let index) where try Self.device(index, of: all()).isSame(as: made.device):
      let backend = try openCL(index, products: ProductTable(made.tuning?.products ?? []))
      backend.schedule = made.tuning?.schedule.flatMap { Schedule(rawValue: $0) }
      return helped(backend, made.device, recipe)
    default: return try open(choice, for: recipe)
    }
  }

  /// Opens the device for a recipe.
  /// - Parameter schedule: how an OpenCL device queues launches, in place of the result of `tune`.
  package func open(
    _ choice: DeviceChoice, for recipe: Recipe, schedule: Schedule? = nil
  ) throws -> any Backend {
    switch choice {
    case .reference: return ReferenceBackend()
    case .native: return native(CPUBackend(threads: threadsOfRank))
    case .openCL(let index):
      return try open(tuned(Self.device(index, of: all())), for: recipe, schedule)
    case .automatic:
      if let local { return try open(Self.device(of: local, allThatAnswer()), for: recipe) }
      let devices = allThatAnswer().map { tuned($0) }
      let chosen =
        try fastest(of: devices, for: recipe) ?? devices.first { $0.device.kind == .gpu }
      guard let chosen, chosen.device.kind != .native else {
        return try open(.native, for: recipe)
      }
      return try open(chosen, for: recipe, schedule)
    }
  }

  /// The fastest of these devices for a recipe, with a message; `nil` unless all were measured.
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
        + "\(recipe.name): \(Numbers.grouped(Int(rate.rounded()))) examples/s, measured by aegpu tune "
        + "them")
    return tuned
  }

  /// Opens an OpenCL device with the results that `tune` stored for it.
  private func open(
    _ tuned: TunedDevice, for recipe: Recipe, _ schedule: Schedule?
  ) throws -> OpenCLBackend {
    let backend = try openCL(
      Int(tuned.device.identifier)!, products: tuned.record?.table ?? ProductTable())
    let kept = try tuned.record?.rate(of: recipe)?.schedule
    backend.schedule = schedule ?? kept
    return helped(backend, tuned.device, recipe)
  }

  private func helped(
    _ backend: OpenCLBackend, _ device: DeviceInformation, _ recipe: Recipe
  ) -> OpenCLBackend {
    use?(device, "\(recipe.name) was computed")
    if device.version.contains("PoCL") { backend.onColdBuild = compile }
    return backend
  }

  private func native(_ backend: CPUBackend) -> CPUBackend {
    if pinsThreads, local == nil { backend.pinThreads() }
    return backend
  }

  /// Alone, PoCL's threads are pinned to CPUs; ranks of one machine share its CPUs.
  private func preferThreads() {
    guard pinsThreads else { return }
    if let threads = threadsOfRank {
      OpenCLBackend.preferThreads(threads)
    } else {
      OpenCLBackend.preferPinnedThreads()
    }
  }
}

/// Tries drivers once.
private final class FirstLook: Sendable {
  private let probe: DriverProbe?
  private let found = Mutex<[DriverProbe.Fault]?>(nil)

  init(_ probe: DriverProbe?) { self.probe = probe }

  func look() -> (faults: [DriverProbe.Fault], isFirst: Bool) {
    found.withLock { found in
      if let found { return (found, false) }
      let faults = probe?.faults() ?? []
      if let probe, !faults.isEmpty {
        probe.leavingOut(faults) { _ = try? OpenCLDevices.found() }
      }
      found = faults
      return (faults, true)
    }
  }
}

/// Reports each ignored platform once.
private final class FaultNotice: Sendable {
  private let text: @Sendable (String) -> Void
  private let isTold = Mutex(false)

  init(_ text: @escaping @Sendable (String) -> Void) { self.text = text }

  func tell(_ faults: [String]) {
    let isFirst = isTold.withLock { told in
      defer { told = true }
      return !told
    }
    if isFirst { faults.forEach(text) }
  }
}

extension DeviceInformation {
  /// Whether it is the same kind of device with the same driver, which computes the same bits.
  package func isSame(as other: DeviceInformation) -> Bool {
    (name, driver, version) == (other.name, other.driver, other.version)
  }
}

extension RunEnvironment.Tuning {
  /// The results of `tune` for the device that a backend opened; `nil` if there are none.
  package init?(_ backend: any Backend) {
    guard let backend = backend as? OpenCLBackend else { return nil }
    let products = backend.products.list
    guard !products.isEmpty || backend.schedule != nil else { return nil }
    self.init(products: products, schedule: backend.schedule?.rawValue)
  }
}

/// A device index that does not exist.
private struct UnknownDevice: Error, CustomStringConvertible {
  let index: Int
  let devices: [DeviceInformation]

  var description: String {
    let list = devices.map { "\($0.identifier) (\($0.name))" }.joined(separator: ", ")
    let hasOpenCL = devices.contains { $0.kind != .native }
    return "device: expected one of \(list), received \(index)"
      + (hasOpenCL
        ? ""
        : "; no OpenCL driver shows one that can be used: packages such as pocl-opencl-icd bring "
          + "one, and some need a cache folder that they can write to (HOME, XDG_CACHE_HOME)")
  }
}
