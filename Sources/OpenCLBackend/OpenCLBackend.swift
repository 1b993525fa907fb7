import COpenCL
import Graphs
import Plans

/// One OpenCL device. Everything a plan asks for runs there, in one in-order queue or in two.
///
/// It may be used by the thread that made it only.
package final class OpenCLBackend: Backend {
  package let device: DeviceInformation
  /// Which candidate computes which product, in plans that are prepared from now on.
  package var products: ProductTable
  /// Of plans that are prepared from now on; the usual one if `nil`.
  package var schedule: Schedule?
  package let style: WorkStyle
  let sizes: WorkSizes
  let context: Context
  package let queue: Queue
  /// The second queue, once something has gone there.
  private var aside: Queue?
  package let memory = MemoryTally()
  private let handle: cl_device_id
  /// What `build` made.
  var programs: [ProgramKey: Program] = [:]
  /// Told of the number of programs when building them takes more than a second.
  let onSlowBuild: (@Sendable (Int) -> Void)?
  /// Given a plan's kernels when building its programs takes so long that the driver cannot have
  /// kept them.
  package var onColdBuild: (@Sendable (Precompilation) -> Void)?
  /// Whether CLBlast holds programs of this context.
  var usedLibrary = false

  /// - Parameters:
  ///   - deviceIndex: a place in `OpenCLDevices.all()`.
  ///   - products: which candidate computes which product.
  ///   - style: how launches are cut; by the device's kind if `nil`. The other one is for tests.
  ///   - computeUnits: for how many; the device's if `nil`. Others are for tests.
  ///   - onSlowBuild: told of the number of programs when building them takes more than a second.
  /// - Throws: `.unknownDevice`, or `.call` if the device cannot be opened.
  package init(
    deviceIndex: Int, products: ProductTable = ProductTable(), style: WorkStyle? = nil,
    computeUnits: Int? = nil, onSlowBuild: (@Sendable (Int) -> Void)? = nil
  ) throws(OpenCLError) {
    let handles = try OpenCLDevices.handles()
    guard handles.indices.contains(deviceIndex) else {
      let available = try OpenCLDevices.all().map { "\($0.identifier) (\($0.name))" }
      throw .unknownDevice(index: deviceIndex, available: available)
    }
    handle = handles[deviceIndex]
    device = try OpenCLDevices.information(handle, index: deviceIndex)
    self.products = products
    self.onSlowBuild = onSlowBuild
    self.style = style ?? WorkStyle(for: device)
    sizes = WorkSizes(
      self.style, computeUnits: computeUnits ?? device.computeUnits,
      maximumLocal: try OpenCLDevices.value(handle, CL_DEVICE_MAX_WORK_GROUP_SIZE, as: Int.self))
    context = try Context(handle)
    queue = try Queue(context, handle)
  }

  deinit {
    // CLBlast's programs hold the context; other backends' next products build theirs again.
    if usedLibrary {
      try? queue.finish()
      CLBlastClearCache()
    }
  }

  package func makeStore(_ layout: StoreLayout) throws -> any Store {
    try OpenCLStore(layout, self)
  }

  /// The candidates of a product that are worth measuring on this device; what it takes unless told
  /// otherwise comes first.
  package func candidates(_ shape: ProductShape) -> [ProductCandidate] { sizes.candidates(shape) }

  /// Where each instruction of a plan is queued, the step that it is of, and what it runs.
  package func queueOrders(
    _ plan: Plan, _ layout: StoreLayout
  ) -> [(step: Int, code: InstructionCode, order: QueueOrder)] {
    let list = launches(of: plan, layout)
    let codes = list.instructions.map(\.code)
    return zip(list.labels, zip(codes, list.queueOrders().orders)).map { ($0.step, $1.0, $1.1) }
  }

  /// A plan's launches as values.
  /// - Parameters:
  ///   - products: the backend's own table if `nil`.
  ///   - schedule: the backend's own if `nil`.
  func launches(
    of plan: Plan, _ layout: StoreLayout, products: ProductTable? = nil, schedule: Schedule? = nil
  ) -> LaunchList {
    let schedule = schedule ?? self.schedule(of: plan)
    return LaunchList(plan, sizes, layout, products ?? self.products, schedule)
  }

  /// Where a plan's products were measured one by one, launches stay apart unless they were timed
  /// otherwise. A fused launch calls no kernel for GPUs, and takes a place for every tensor.
  private func schedule(of plan: Plan) -> Schedule {
    let isMeasured = plan.products.contains { products.names($0.shape) }
    let usual = Schedule(for: style)
    let schedule = self.schedule ?? (usual == .fused && isMeasured ? .twoQueues : usual)
    guard schedule == .fused else { return schedule }
    // Partial sums lie behind them.
    let byteCount = 4 * (plan.spread.arenaCount + (1 << 20))
    let largest = min(device.largestAllocationBytes, 4 * Self.largestElementCount)
    return style == .thin ? .oneQueue : byteCount > largest ? .twoQueues : .fused
  }

  func secondQueue() throws(OpenCLError) -> Queue {
    if let aside { return aside }
    let queue = try Queue(context, handle)
    aside = queue
    return queue
  }

  func makeProfilingQueue() throws(OpenCLError) -> Queue {
    try Queue(context, handle, keepsTimes: true)
  }

  /// Compiles a source of one's own.
  package func compile(
    _ name: String, source: String, options: String
  ) throws(OpenCLError) -> Program {
    try Program(
      name: name, source: source, options: options, context, handle, deviceName: device.name)
  }

  /// The largest number of elements of one buffer: below 2³¹ by what loops step over at their end.
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
