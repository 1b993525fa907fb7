import CLoops
import Graphs
import Plans

/// Writes the phase's losses, checks for values that are not finite in training, and increments the
/// counters after the last phase.
struct RecordInstruction: Instruction {
  let op: Record
  let store: CPUStore
  let feed: CPUFeed
  let isTraining: Bool
  let losses: [UnsafeMutablePointer<Float>]
  let gradients: [loops_span]
  let threads: Int32

  init(_ op: Record, _ node: Node, _ operands: Operands) {
    self.op = op
    store = operands.store
    feed = operands.store.feed(op.feed)
    isTraining = op.feed == .training
    precondition(
      op.firstColumn + op.partCount <= feed.layout.partCount,
      "the log has \(feed.layout.partCount) columns")
    losses = node.inputs.prefix(op.partCount).map(operands.floats)
    gradients = node.inputs.dropFirst(op.partCount).map {
      loops_span(x: operands.floats($0), count: operands.count($0))
    }
    threads = operands.threads
  }

  func run() {
    precondition(feed.row < feed.layout.stepCount, "an epoch has \(feed.layout.stepCount) steps")
    let row = feed.log.floats + feed.row * feed.layout.partCount + op.firstColumn
    for (part, loss) in losses.enumerated() { row[part] = loss.pointee }
    if isTraining && store.nonFinite == nil && !isFinite {
      store.nonFinite = NonFinite(step: feed.step, phase: op.phase)
    }
    if op.isLast { feed.countUp() }
  }

  private var isFinite: Bool {
    losses.allSatisfy(\.pointee.isFinite)
      && gradients.withUnsafeBufferPointer {
        $0.isEmpty || loops_all_finite($0.baseAddress!, $0.count, threads) != 0
      }
  }
}

/// The value of a ramp at this step.
struct ScheduledInstruction: Instruction {
  let feed: CPUFeed
  let column: Int
  let y: UnsafeMutablePointer<Float>

  init(_ op: Scheduled, _ node: Node, _ operands: Operands) {
    feed = operands.store.feed(.training)
    column = operands.store.layout.column(of: op.ramp)
    y = operands.floats(node.outputs[0])
  }

  func run() { y.pointee = Float(feed.values[feed.row][column]) }
}

/// Updates a phase's parameters with the schedule of the row that was just recorded.
struct UpdateInstruction: Instruction {
  let op: Update
  let store: CPUStore
  let feed: CPUFeed
  let gradients, parameters: UnsafeMutablePointer<Float>
  /// The moments of the phase's group.
  let moments: [UnsafeMutablePointer<Float>]
  /// The ranges with weight decay, in ascending order.
  let decaying: [loops_range]
  /// The ranges of parameters in the group, and the number of elements with gaps.
  let ranges: [loops_range]
  let count: Int
  let threads: Int32

  init(_ op: Update, _ operands: Operands) {
    self.op = op
    store = operands.store
    feed = operands.store.feed(.training)
    let group = operands.store.layout.groups[op.phase].range
    gradients = operands.store.gradients.floats + group.lowerBound
    parameters = operands.store.parameters.floats + group.lowerBound
    moments = operands.store.moments[op.phase].map(\.floats)
    precondition(moments.count >= op.optimizer.momentCount, "the store must have the moments")
    let entries = operands.store.layout.parameters.part(group).entries
    decaying = entries.filter(\.decays).map(loops_range.init)
    ranges = entries.map(loops_range.init)
    count = group.count
    threads = operands.threads
  }

  func run() {
    guard store.nonFinite == nil else { return }
    let row = feed.row - (op.isLast ? 1 : 0)
    precondition(feed.schedule.indices.contains(row), "an update must follow its record")
    let losses = feed.log.floats + row * feed.layout.partCount
    guard op.gate?.isOpen({ Double(losses[$0]) }) != false else { return }
    let (g, w, clipping) = (gradients, parameters, clipping)
    withUnsafePointer(to: feed.schedule[row][op.phase]) { schedule in
      switch op.optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        loops_adam(
          beta1, beta2, epsilon, 0, nil, 0, schedule, clipping, g, w, moments[0], moments[1],
          ranges, ranges.count, threads)
      case .adamW(let beta1, let beta2, let epsilon, let decay):
        loops_adam(
          beta1, beta2, epsilon, decay, decaying, decaying.count, schedule, clipping, g, w,
          moments[0], moments[1], ranges, ranges.count, threads)
      case .rmsProp(let rho, let momentum, let epsilon):
        loops_rms_prop(
          rho, momentum, epsilon, schedule, clipping, g, w, moments[0],
          momentum == 0 ? nil : moments[1], ranges, ranges.count, threads)
      case .sgd(let momentum, let nesterov):
        loops_sgd(
          momentum, nesterov ? 1 : 0, schedule, clipping, g, w, momentum == 0 ? nil : moments[0],
          ranges, ranges.count, threads)
      }
    }
  }

  private var clipping: loops_clipping {
    switch op.clipping {
    case .none: loops_clipping(factor: 1, limit: .infinity)
    case .value(let limit): loops_clipping(factor: 1, limit: Float(limit))
    case .norm(let limit): loops_clip_norm(limit, gradients, count, threads)
    }
  }
}

extension loops_range {
  fileprivate init(_ entry: ParameterLayout.Entry) {
    self.init(begin: entry.offset, end: entry.offset + entry.shape.count)
  }
}
