import CLoops
import Graphs
import Plans

/// Writes the step's losses, looks for what is not finite while training, counts up.
struct RecordInstruction: Instruction {
  let store: CPUStore
  let feed: CPUFeed
  let isTraining: Bool
  let losses: [UnsafeMutablePointer<Float>]
  let gradients: [loops_span]
  let threads: Int32

  init(_ op: Record, _ node: Node, _ operands: Operands) {
    store = operands.store
    feed = operands.store.feed(op.feed)
    isTraining = op.feed == .training
    precondition(
      op.partCount <= feed.layout.partCount, "the log has \(feed.layout.partCount) columns")
    losses = node.inputs.prefix(op.partCount).map(operands.floats)
    gradients = node.inputs.dropFirst(op.partCount).map {
      loops_span(x: operands.floats($0), count: operands.count($0))
    }
    threads = operands.threads
  }

  func run() {
    precondition(feed.row < feed.layout.stepCount, "an epoch has \(feed.layout.stepCount) steps")
    let row = feed.log.floats + feed.row * feed.layout.partCount
    for (part, loss) in losses.enumerated() { row[part] = loss.pointee }
    if isTraining && store.nonFiniteStep == nil && !isFinite { store.nonFiniteStep = feed.step }
    feed.countUp()
  }

  private var isFinite: Bool {
    losses.allSatisfy(\.pointee.isFinite)
      && gradients.withUnsafeBufferPointer {
        $0.isEmpty || loops_all_finite($0.baseAddress!, $0.count, threads) != 0
      }
  }
}

/// Moves all parameters by the row that was just recorded.
struct UpdateInstruction: Instruction {
  let op: Update
  let store: CPUStore
  let feed: CPUFeed
  let gradients, parameters: UnsafeMutablePointer<Float>
  let moments: [UnsafeMutablePointer<Float>]
  /// Where weights decay, ascending.
  let decaying: [loops_range]
  /// Where parameters lie, and how many elements there are with the gaps between.
  let ranges: [loops_range]
  let count: Int
  let threads: Int32

  init(_ op: Update, _ operands: Operands) {
    self.op = op
    store = operands.store
    feed = operands.store.feed(.training)
    gradients = operands.store.gradients.floats
    parameters = operands.store.parameters.floats
    moments = operands.store.moments.map(\.floats)
    precondition(moments.count >= op.optimizer.momentCount, "the store holds the moments")
    let entries = operands.store.layout.parameters.entries
    decaying = entries.filter(\.decays).map(loops_range.init)
    ranges = entries.map(loops_range.init)
    count = operands.store.layout.parameters.count
    threads = operands.threads
  }

  func run() {
    guard store.nonFiniteStep == nil else { return }
    precondition(
      feed.row >= 1 && feed.row <= feed.schedule.count, "an update follows its record")
    let (g, w, clipping) = (gradients, parameters, clipping)
    withUnsafePointer(to: feed.schedule[feed.row - 1]) { schedule in
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
