import Graphs

/// A kind of device that can run plans. It knows no derivative and no network: it is given whole
/// plans.
package protocol Backend: AnyObject {
  var device: DeviceInformation { get }
  /// The bytes of all stores and executables made here.
  var memory: MemoryTally { get }

  /// Makes the memory that all plans of one run share.
  func makeStore(_ layout: StoreLayout) throws -> any Store
}

/// What the plans of one run share: sizes only.
package struct StoreLayout: Hashable, Sendable {
  package let parameters: ParameterLayout
  package let state: StateLayout
  /// What each phase of a step moves.
  package let groups: [ParameterGroup]
  package let seed: UInt64
  package let feeds: [Feed: FeedLayout]
  /// The ramps that plans read, by their columns in the training feed's table of steps.
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

  /// Of steps with one phase, which moves every parameter.
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
      preconditionFailure("the store has the values of every ramp that its plans read")
    }
    return column
  }
}

/// The parameters that one phase of a step moves, side by side in the flat buffer.
package struct ParameterGroup: Hashable, Sendable {
  /// The phase's.
  package let name: String
  /// In elements of the flat buffer, gaps included.
  package let range: Range<Int>
  /// Buffers of the group's size that its optimizer keeps.
  package let momentCount: Int

  package init(name: String, range: Range<Int>, momentCount: Int) {
    self.name = name
    self.range = range
    self.momentCount = momentCount
  }
}

/// The sizes of one feed.
package struct FeedLayout: Hashable, Sendable {
  /// `[count, …]`, uint8 or float32; the rows of a series where examples are windows.
  package let examples: TensorType
  package let exampleCount: Int
  /// Rows of the loss log and of the schedule: the steps of an epoch.
  package let stepCount: Int
  /// Columns of the loss log.
  package let partCount: Int
  /// Whether each example has a class.
  package let hasLabels: Bool

  /// - Parameter exampleCount: `nil`: each row of `examples` is one.
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

  /// The labels that a feed of this layout is loaded with: one to an example, or none.
  package func checked(_ labels: [Int32]?) -> [Int32] {
    guard hasLabels else { return [] }
    precondition(labels?.count == exampleCount, "one label to an example")
    return labels ?? []
  }

  /// The row of `examples` at which each example of an order begins.
  /// - Parameters:
  ///   - order: each example's index once.
  ///   - starts: where each example begins; `nil` if each is a row.
  package func rows(of order: [Int32], _ starts: [Int32]?) -> [Int32] {
    let count = exampleCount
    precondition(
      order.count == count && order.allSatisfy { $0 >= 0 && $0 < count },
      "an order names each of \(count) examples")
    return starts.map { starts in order.map { starts[Int($0)] } } ?? order
  }
}

/// Examples on the host, row after row.
package enum ExampleElements: Sendable {
  case bytes([UInt8])
  case floats([Float])
}

/// The flat buffers that a checkpoint keeps.
package enum StoreBuffer: Hashable, Sendable {
  case parameters
  case gradients
  /// Of a phase's group, by the phase's number.
  case moment(Int, phase: Int)
  /// What layers keep from step to step; zeros at first, until the host writes their first values.
  case state
}

/// Device memory that lives as long as the run. `Double` carries every `Float` exactly.
///
/// Runs are queued in order; every `read…` and `losses` waits for what was queued before it.
package protocol Store: AnyObject {
  /// Builds and binds everything that the plan needs, once.
  func prepare(_ plan: Plan) throws -> any Executable

  /// Copies a feed's examples to the device; their number and type are the layout's. They are then
  /// taken in their own order.
  /// - Parameter starts: the row at which each example begins, where examples are windows of a
  ///   series; `nil` if each row is one.
  ///   - labels: the class of each example, where the layout has them.
  func load(
    _ examples: ExampleElements, starts: [Int32]?, labels: [Int32]?, into feed: Feed) throws

  /// Starts an epoch, at its beginning or further on.
  /// - Parameters:
  ///   - row: the batch of the epoch that comes next, counted from 0; rows of the log, the order and
  ///     the schedule are counted alike.
  ///   - step: the step of the run that comes next.
  ///   - order: the examples' indices in the order in which they are taken; `nil` keeps the last
  ///     one (at first 0, 1, 2, …).
  ///   - table: a row a step, empty where no update runs.
  func begin(_ feed: Feed, at row: Int, step: Int, order: [Int32]?, table: StepTable) throws

  /// Rows of the loss log, a column a part, row after row. Waits.
  func losses(_ feed: Feed, rows: Range<Int>) throws -> [Double]

  /// Where a loss or gradient was not finite first. Waits.
  func firstNonFinite() throws -> NonFinite?

  /// Reads a whole flat buffer, gaps included. Waits.
  func read(_ buffer: StoreBuffer) throws -> [Double]

  /// Writes a whole flat buffer, gaps included.
  func write(_ values: [Double], to buffer: StoreBuffer) throws

  /// Waits until everything queued is done.
  func finish() throws
}

/// Where something was not finite, counted from 0: phases before it have moved their parameters.
package struct NonFinite: Hashable, Sendable {
  package let step: Int
  package let phase: Int

  package init(step: Int, phase: Int) {
    self.step = step
    self.phase = phase
  }
}

extension Store {
  /// Copies a feed's examples, each a row, to the device.
  package func load(_ examples: ExampleElements, into feed: Feed) throws {
    try load(examples, starts: nil, labels: nil, into: feed)
  }

  /// Starts an epoch of steps with one phase.
  /// - Parameter schedule: a row a step, empty where no update runs.
  package func begin(
    _ feed: Feed, at row: Int = 0, step: Int, order: [Int32]?, schedule: [StepSchedule]
  ) throws {
    try begin(feed, at: row, step: step, order: order, table: StepTable(schedule))
  }

  package func firstNonFiniteStep() throws -> Int? { try firstNonFinite()?.step }
}

/// A prepared plan.
package protocol Executable: AnyObject {
  /// Queues one run; allocates nothing and does not wait.
  func run() throws

  /// What one run does, in the order in which it is queued.
  var launches: [PlannedLaunch] { get }

  /// How each matrix product of the plan is computed, in its order; empty where a library decides
  /// that by itself.
  var productChoices: [ProductChoice] { get }

  /// Runs as `run` does, `runs` times, and times each launch on the device. Waits.
  /// - Returns: the medians, a value for every step of the plan in order.
  func profile(runs: Int) throws -> [StepTime]

  /// Reads one of the plan's outputs as the last run left it. Waits.
  func read(_ output: TensorID) throws -> [Double]

  /// Writes one of the plan's inputs.
  func write(_ values: [Double], to input: TensorID) throws

  /// The whole arena, gaps between tensors included: for tests that look for elements not written,
  /// or written by mistake. Waits.
  func readArena() throws -> [Double]

  /// Writes the whole arena, `plan.arenaCount` elements.
  func writeArena(_ values: [Double]) throws
}

extension Executable {
  /// Launches, calls or loops of one run.
  package var launchCount: Int { launches.count }

  package var productChoices: [ProductChoice] { [] }
}
