import CLoops
import Graphs
import Plans

/// Writes the step's losses, looks for what is not finite while training, counts up.
struct RecordInstruction: Instruction {
  let store: CPUStore
  let feed: CPUFeed
  let isTraining: Bool
  let losses: [UnsafeMutablePointer<Float>]
  let gradients: [UnsafeBufferPointer<Float>]
  let threads: Int32

  init(_ op: Record, _ node: Node, _ operands: Operands) {
    store = operands.store
    feed = operands.store.feed(op.feed)
    isTraining = op.feed == .training
    precondition(
      op.partCount <= feed.layout.partCount, "the log has \(feed.layout.partCount) columns")
    losses = node.inputs.prefix(op.partCount).map(operands.floats)
    gradients = node.inputs.dropFirst(op.partCount).map {
      UnsafeBufferPointer(start: operands.floats($0), count: operands.count($0))
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
      && gradients.allSatisfy { loops_all_finite($0.baseAddress!, $0.count, threads) != 0 }
  }
}

/// Moves the whole flat buffer of parameters, gaps included, by the row that was just recorded.
struct UpdateInstruction: Instruction {
  let optimizer: Optimizer
  let store: CPUStore
  let feed: CPUFeed
  let gradients, parameters: UnsafeMutablePointer<Float>
  let moments: [UnsafeMutablePointer<Float>]
  let count: Int
  let threads: Int32

  init(_ op: Update, _ operands: Operands) {
    optimizer = op.optimizer
    store = operands.store
    feed = operands.store.feed(.training)
    gradients = operands.store.gradients.floats
    parameters = operands.store.parameters.floats
    moments = operands.store.moments.map(\.floats)
    precondition(moments.count >= op.optimizer.momentCount, "the store holds the moments")
    count = operands.store.layout.parameters.count
    threads = operands.threads
  }

  func run() {
    guard store.nonFiniteStep == nil else { return }
    precondition(
      feed.row >= 1 && feed.row <= feed.schedule.count, "an update follows its record")
    withUnsafePointer(to: feed.schedule[feed.row - 1]) { schedule in
      switch optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        loops_adam(
          beta1, beta2, epsilon, schedule, gradients, parameters, moments[0], moments[1], count,
          threads)
      case .sgd(let momentum, let nesterov):
        loops_sgd(
          momentum, nesterov ? 1 : 0, schedule, gradients, parameters,
          momentum == 0 ? nil : moments[0], count, threads)
      }
    }
  }
}
