import Graphs

/// A kind of device that can run plans. It knows neither derivatives nor networks, only whole
/// plans.
package protocol Backend: AnyObject {
  var device: DeviceInformation { get }
  /// The bytes of all stores and executables of this backend.
  var memory: MemoryTally { get }
  /// The other ranks, for the stores that are made from now on; `nil` alone.
  var exchange: (any Exchange)? { get set }

  /// Allocates the memory that all plans of a run share.
  func makeStore(_ layout: StoreLayout) throws -> any Store
}

/// The sizes of the memory that the plans of a run share.
package struct StoreLayout: Hashable, Sendable {
  package let parameters: ParameterLayout
  package let state: StateLayout
  /// The parameters that each phase of a step updates.
  package let groups: [ParameterGroup]
  package let seed: UInt64
  package let feeds: [Feed: FeedLayout]
  /// The ramps that plans read, in the order of their columns in the training feed's table of
  /// steps.
  package let ramps: [Ramp]

  package init(
    parameters: ParameterLayout, state: StateLayout = .empty, groups: [ParameterGroup],
    seed: UInt64, feeds: [Feed: FeedLayout], ramps: [Ramp] = []
  ) {
    self.ramps = ramps
    self.parameters = parameters
    self.state = state
    self.groups = groups
    self.seed = seed
    self.feeds = feeds
  }

  /// For steps with one phase, which updates all parameters.
  package init(
    parameters: ParameterLayout, state: StateLayout = .empty, momentCount: Int, seed: UInt64,
    feeds: [Feed: FeedLayout]
  ) {
    self.init(
      parameters: parameters, state: state,
      groups: [
        ParameterGroup(
          name: "training", range: 0..<parameters.count, momentCount: momentCount)
      ], seed: seed, feeds: feeds)
  }
}

extension StoreLayout {
  /// The column of a ramp's values in the table of steps.
  package func column(of ramp: Ramp) -> Int {
    guard let column = ramps.firstIndex(of: ramp) else {
      preconditionFailure("the store must have the values of every ramp that its plans read")
    }
    return column
  }
}

/// The parameters that one phase of a step updates, contiguous in the flat buffer.
package struct ParameterGroup: Hashable, Sendable {
  /// The phase's name.
  package let name: String
  /// In elements of the flat buffer, with gaps.
  package let range: Range<Int>
  /// The number of buffers of the group's size that its optimizer needs.
  package let momentCount: Int

  package init(name: String, range: Range<Int>, momentCount: Int) {
    self.name = name
    self.range = range
    self.momentCount = momentCount
  }
}

/// The sizes of one feed.
package struct FeedLayout: Hashable, Sendable {
  /// `[count, …]`, uint8, float16, bfloat16 or float32; if examples are windows, the rows of the
  /// series.
  package let examples: TensorType
  package let exampleCount: Int
  /// Rows of the loss log and of the schedule: the number of steps per epoch.
  package let stepCount: Int
  /// Columns of the loss log.
  package let partCount: Int
  /// Whether each example has a class.
  package let hasLabels: Bool

  /// - Parameter exampleCount: `nil`: each row of `examples` is an example.
  package init(
    examples: TensorType, exampleCount: Int? = nil, stepCount: Int, partCount: Int,
    hasLabels: Bool = false
  ) {
    self.hasLabels = hasLabels
    self.examples = examples
    self.exampleCount = exampleCount ?? examples.shape[0]
    self.stepCount = stepCount
    self.partCount = partCount
  }

  /// The bytes of examples as this layout stores them; floats are rounded if it has numbers of 16
  /// bits.
  package func withBytes<Result>(
    of elements: ExampleElements, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    switch (elements, examples.elementType) {
    case (.bytes(let values), .uint8): return try values.withUnsafeBytes(body)
    case (.floats(let values), .float32): return try values.withUnsafeBytes(body)
    case (.floats(let values), .float16):
      return try values.map(HalfPrecision.float16).withUnsafeBytes(body)
    case (.floats(let values), .bfloat16):
      return try values.map(HalfPrecision.bfloat16).withUnsafeBytes(body)
    default: preconditionFailure("examples are \(examples)")
    }
  }

  /// The labels for a feed of this layout: one per example, or none.
  package func checked(_ labels: [Int32]?) -> [Int32] {
    guard hasLabels else { return [] }
    precondition(labels?.count == exampleCount, "one label per example is needed")
    return labels ?? []
  }

  /// The row of `examples` at which each example of an order begins.
  /// - Parameters:
  ///   - order: each example's index once.
  ///   - starts: the first row of each example; `nil` if each is a row.
  package func rows(of order: [Int32], _ starts: [Int32]?) -> [Int32] {
    let count = exampleCount
    precondition(
      order.count == count && order.allSatisfy { $0 >= 0 && $0 < count },
      "an order must have each of \(count) examples")
    return starts.map { starts in order.map { starts[Int($0)] } } ?? order
  }
}

/// Examples on the host, row by row.
package enum ExampleElements: Sendable {
  case bytes([UInt8])
  case floats([Float])
}

/// The flat buffers in a checkpoint.
package enum StoreBuffer: Hashable, Sendable {
  case parameters
  case gradients
  /// Those of a phase's group, by the phase's index.
  case moment(Int, phase: Int)
  /// The state of layers; zeros until the host writes the initial values.
  case state
}

/// Device memory for the duration of a run. `Double` represents every `Float` exactly.
///
/// Runs are queued in order; every `read…` and `losses` waits for what was queued before it.
package protocol Store: AnyObject {
  /// Prepares everything that the plan needs, once.
  func prepare(_ plan: Plan) throws -> any Executable

  /// Copies a feed's examples to the device; their number and type must be those of the layout.
  /// Their order is then that of the examples.
  /// - Parameter starts: the first row of each example, if examples are windows of a series; `nil`
  ///   if each is a row.
  ///   - labels: the class of each example, if the layout has labels.
  func load(
    _ examples: ExampleElements, starts: [Int32]?, labels: [Int32]?, into feed: Feed) throws

  /// Writes rows of a feed's examples, from any thread, while plans run that do not read them. They
  /// are there when `begin` is called next.
  /// - Parameter read: writes rows of examples, counted from 0, in the form of the layout; it is
  ///   called for one range after the other.
  func fill(
    _ feed: Feed, rows: Range<Int>,
    _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws

  /// Writes the class of each row of a feed's examples. No plan may be running that reads it.
  func write(labels: [Int32], of feed: Feed) throws

  /// Starts an epoch, at its beginning or later.
  /// - Parameters:
  ///   - first: the number of the first example in memory, if those before it are not there.
  ///   - row: the next batch of the epoch, counted from 0; the rows of the log, the order and the
  ///     schedule are counted in the same way.
  ///   - step: the next step of the run.
  ///   - order: the order of the examples, as indices; `nil` keeps the last one (initially 0, 1, 2,
  ///     …).
  ///   - table: one row per step, empty if no update runs.
  func begin(
    _ feed: Feed, from first: Int, at row: Int, step: Int, order: [Int32]?, table: StepTable
  ) throws

  /// Rows of the loss log, row by row, one column per part. Waits.
  func losses(_ feed: Feed, rows: Range<Int>) throws -> [Double]

  /// The step and phase at which a loss or gradient was not finite first. Waits.
  func firstNonFinite() throws -> NonFinite?

  /// Reads a whole flat buffer, with gaps. Waits.
  func read(_ buffer: StoreBuffer) throws -> [Double]

  /// Writes a whole flat buffer, with gaps.
  func write(_ values: [Double], to buffer: StoreBuffer) throws

  /// Reads some elements of a flat buffer, rounded to float32. Waits.
  func floats(_ elements: Range<Int>, of buffer: StoreBuffer) throws -> [Float]

  /// Writes elements of a flat buffer from `offset` on.
  func write(_ values: [Float], to buffer: StoreBuffer, at offset: Int) throws

  /// Waits until everything in the queue is done.
  func finish() throws
}

/// The step and phase of a value that was not finite, counted from 0; earlier phases have updated
/// their parameters.
package struct NonFinite: Hashable, Sendable {
  package let step: Int
  package let phase: Int

  package init(step: Int, phase: Int) {
    self.step = step
    self.phase = phase
  }
}

extension Store {
  /// Copies a feed's examples, one per row, to the device.
  package func load(_ examples: ExampleElements, into feed: Feed) throws {
    try load(examples, starts: nil, labels: nil, into: feed)
  }

  /// Starts an epoch whose examples are all in memory, or whose random numbers count steps.
  package func begin(
    _ feed: Feed, at row: Int, step: Int, order: [Int32]?, table: StepTable
  ) throws {
    try begin(feed, from: 0, at: row, step: step, order: order, table: table)
  }

  /// Starts an epoch of steps with one phase.
  /// - Parameter schedule: one row per step, empty if no update runs.
  package func begin(
    _ feed: Feed, from first: Int = 0, at row: Int = 0, step: Int, order: [Int32]?,
    schedule: [StepSchedule]
  ) throws {
    try begin(
      feed, from: first, at: row, step: step, order: order, table: StepTable(schedule))
  }

  package func firstNonFiniteStep() throws -> Int? { try firstNonFinite()?.step }
}

/// A prepared plan.
package protocol Executable: AnyObject {
  /// Queues one run; allocates nothing and does not wait.
  func run() throws

  /// Queues several runs, one after the other.
  func run(times: Int) throws

  /// The runs that are best queued at once: more than 1 if the device begins the next of them by
  /// itself.
  var runsAtOnce: Int { get }

  /// The launches of one run, in the order of the queue.
  var launches: [PlannedLaunch] { get }

  /// How each matrix product of the plan is computed, in order; empty if a library decides this.
  var productChoices: [ProductChoice] { get }

  /// Runs like `run`, `runs` times, and times each launch on the device. Waits.
  /// - Returns: the medians, one value for every step of the plan, in order.
  func profile(runs: Int) throws -> [StepTime]

  /// Reads one of the plan's outputs after the last run. Waits.
  func read(_ output: TensorID) throws -> [Double]

  /// Writes one of the plan's inputs.
  func write(_ values: [Double], to input: TensorID) throws

  /// The whole arena, with gaps between tensors: for tests that look for elements that were not
  /// written, or written by mistake. Waits.
  func readArena() throws -> [Double]

  /// Writes the whole arena, `plan.arenaCount` elements.
  func writeArena(_ values: [Double]) throws
}

extension Executable {
  /// Launches, calls or loops of one run.
  package var launchCount: Int { launches.count }

  package var productChoices: [ProductChoice] { [] }

  package func run(times: Int) throws { for _ in 0..<times { try run() } }

  package var runsAtOnce: Int { 1 }
}
