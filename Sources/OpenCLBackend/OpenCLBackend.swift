import COpenCL
import Graphs
import Plans

/// One OpenCL device. All plans run on it, in one or two in-order queues.
///
/// It may be used only by the thread that created it, except for `Store.fill`.
package final class OpenCLBackend: Backend {
  package let device: DeviceInformation
  /// The candidate for each product, for plans that are prepared from now on.
  package var products: ProductTable
  /// The schedule of plans that are prepared from now on; `nil` for the default.
  package var schedule: Schedule?
  package let style: WorkStyle
  let sizes: WorkSizes
  let context: Context
  package let queue: Queue
  let watch: AnswerWatch
  /// A watch of its own for another thread: a watch looks after one call at a time.
  private let makeWatch: @Sendable () -> AnswerWatch
  /// The second queue, if it has been used.
  private var aside: Queue?
  package let memory = MemoryTally()
  package var exchange: (any Exchange)?
  private let handle: cl_device_id
  /// The programs that `build` made.
  var programs: [ProgramKey: Program] = [:]
  /// Called with the number of programs if building them takes more than a second.
  let onSlowBuild: (@Sendable (Int) -> Void)?
  /// Called with a plan's kernels if building its programs takes so long that they cannot be in the
  /// driver's cache.
  package var onColdBuild: (@Sendable (Precompilation) -> Void)?
  /// Whether CLBlast has programs of this context.
  var usedLibrary = false

  /// - Parameters:
  ///   - deviceIndex: an index of `OpenCLDevices.all()`.
  ///   - products: the candidate for each product.
  ///   - style: the division of launches; `nil`: by the kind of device. Other values are for tests.
  ///   - computeUnits: `nil`: those of the device. Other values are for tests.
  ///   - onSlowBuild: called with the number of programs if building them takes more than a second.
  ///   - patience: how long a call may take.
  ///   - onSilence: called again and again, by another thread, while a call takes longer.
  /// - Throws: `.unknownDevice`, or `.call` if the device cannot be opened.
  package init(
    deviceIndex: Int, products: ProductTable = ProductTable(), style: WorkStyle? = nil,
    computeUnits: Int? = nil, onSlowBuild: (@Sendable (Int) -> Void)? = nil,
    patience: Duration = .seconds(60), onSilence: (@Sendable (SilentDevice) -> Void)? = nil
  ) throws(OpenCLError) {
    let (devices, faults) = try OpenCLDevices.survey()
    guard devices.indices.contains(deviceIndex) else {
      let available = devices.map { "\($0.information.identifier) (\($0.information.name))" }
      throw .unknownDevice(index: deviceIndex, available: available, faults: faults)
    }
    (handle, device) = devices[deviceIndex]
    self.products = products
    self.onSlowBuild = onSlowBuild
    self.style = style ?? WorkStyle(for: device)
    sizes = WorkSizes(
      self.style, computeUnits: computeUnits ?? device.computeUnits,
      maximumLocal: try OpenCLDevices.value(handle, CL_DEVICE_MAX_WORK_GROUP_SIZE, as: Int.self))
    context = try Context(handle)
    makeWatch = { [device] in AnswerWatch(device, patience: patience, tell: onSilence) }
    watch = makeWatch()
    queue = try Queue(context, handle, watch)
  }

  deinit {
    // CLBlast's programs keep the context alive; other backends build theirs again.
    if usedLibrary {
      try? queue.finish()
      CLBlastClearCache()
    }
  }

  package func makeStore(_ layout: StoreLayout) throws -> any Store {
    try OpenCLStore(layout, self)
  }

  /// A queue for copies that another thread makes.
  func makeQueueForUploads() throws(OpenCLError) -> Queue {
    try Queue(context, handle, makeWatch())
  }

  /// The candidates for a product that are worth measuring on this device; the default comes first.
  package func candidates(_ shape: ProductShape) -> [ProductCandidate] { sizes.candidates(shape) }

  /// The queue of each instruction of a plan, its step, and its code.
  package func queueOrders(
    _ plan: Plan, _ layout: StoreLayout
  ) -> [(step: Int, code: InstructionCode, order: QueueOrder)] {
    let list = launches(of: plan, layout)
    let codes = list.instructions.map(\.code)
    return zip(list.labels, zip(codes, list.queueOrders().orders)).map { ($0.step, $1.0, $1.1) }
  }

  /// A plan's launches as values.
  /// - Parameters:
  ///   - products: `nil`: the backend's table.
  ///   - schedule: `nil`: the backend's.
  func launches(
    of plan: Plan, _ layout: StoreLayout, products: ProductTable? = nil, schedule: Schedule? = nil
  ) -> LaunchList {
    let schedule = schedule ?? self.schedule(of: plan)
    return LaunchList(plan, sizes, layout, products ?? self.products, schedule)
  }

  /// If a plan's products were measured separately, launches are not fused unless this was
  /// measured, too. A fused launch cannot call kernels for GPUs, and needs separate memory for
  /// every tensor.
  package func schedule(of plan: Plan) -> Schedule {
    let isMeasured = plan.products.contains { products.names($0.shape) }
    let usual = Schedule(for: style)
    let schedule = self.schedule ?? (usual == .fused && isMeasured ? .twoQueues : usual)
    guard schedule == .fused else { return schedule }
    // Partial sums come after them.
    let byteCount = 4 * (plan.spread.arenaCount + (1 << 20))
    let largest = min(device.largestAllocationBytes, 4 * Self.largestElementCount)
    return style == .thin ? .oneQueue : byteCount > largest ? .twoQueues : .fused
  }

  func secondQueue() throws(OpenCLError) -> Queue {
    if let aside { return aside }
    let queue = try Queue(context, handle, watch)
    aside = queue
    return queue
  }

  /// Submits everything that is queued to the device; does not wait.
  func flush() throws(OpenCLError) {
    try queue.flush()
    try aside?.flush()
  }

  func makeProfilingQueue() throws(OpenCLError) -> Queue {
    try Queue(context, handle, watch, keepsTimes: true)
  }

  /// Compiles a given source text.
  package func compile(
    _ name: String, source: String, options: String
  ) throws(OpenCLError) -> Program {
    try Program(
      name: name, source: source, options: options, context, handle, deviceName: device.name)
  }

  /// The largest number of elements in one buffer: below 2³¹ by the distance that loops may exceed
  /// their end.
  package static let largestElementCount = (1 << 31) - (1 << 24)

  /// A buffer of `count` elements of `byteCount` bytes each.
  package func makeBuffer(
    _ name: String, count: Int, bytesEach: Int = 4, fill: UInt8?
  ) throws(OpenCLError) -> Buffer {
    guard count <= Self.largestElementCount else {
      throw .elementCount(of: name, count: count, largest: Self.largestElementCount)
    }
    return try Buffer(name, byteCount: count * bytesEach, fill: fill, self)
  }
}
