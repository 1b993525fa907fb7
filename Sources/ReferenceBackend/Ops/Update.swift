import Graphs
import Plans

extension ReferenceExecutable {
  func record(_ op: Record, _ node: Node) {
    var feed = store.feeds[op.feed]!
    let columns = store.layout.feeds[op.feed]!.partCount
    for (part, id) in node.inputs.prefix(op.partCount).enumerated() {
      feed.losses[feed.row * columns + op.firstColumn + part] = value(id)[0]
    }
    if op.feed == .training, store.nonFinite == nil,
      !node.inputs.allSatisfy({ value($0).allSatisfy(\.isFinite) })
    {
      store.nonFinite = NonFinite(step: feed.step, phase: op.phase)
    }
    if op.isLast {
      feed.row += 1
      feed.step += 1
    }
    store.feeds[op.feed] = feed
  }

  func scheduled(_ op: Scheduled) -> Double {
    let feed = store.feeds[.training]!
    return feed.table.values[feed.row][store.layout.column(of: op.ramp)]
  }

  /// Runs after the phase's record, which has incremented `row` if it is the last.
  func update(_ op: Update, _ node: Node) {
    guard store.nonFinite == nil else { return }
    let feed = store.feeds[.training]!
    let place = feed.row - (op.isLast ? 1 : 0)
    let row = feed.table.rows[place][op.phase]
    let columns = store.layout.feeds[.training]!.partCount
    guard op.gate?.isOpen({ feed.losses[place * columns + $0] }) != false else { return }
    let range = store.layout.groups[op.phase].range
    let gradients = clipped(store.gradients[range], op.clipping)
    for entry in store.layout.parameters.entries where range.contains(entry.offset) {
      for index in entry.offset..<entry.offset + entry.shape.count {
        move(
          index, by: gradients[index - range.lowerBound], op, row,
          moment: index - range.lowerBound, decays: entry.decays)
      }
    }
  }

  private func clipped(_ gradients: ArraySlice<Double>, _ clipping: GradientClipping) -> [Double] {
    switch clipping {
    case .none: return Array(gradients)
    case .value(let limit): return gradients.map { min(max($0, -limit), limit) }
    case .norm(let limit):
      let norm = gradients.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return gradients.map { $0 * limit / max(norm, limit) }
    }
  }

  private func move(
    _ index: Int, by g: Double, _ op: Update, _ row: StepSchedule, moment place: Int, decays: Bool
  ) {
    /// `m ← old · m + new`, with `m` the moment of this parameter.
    func follow(_ moment: Int, _ old: Double, _ new: Double) -> Double {
      store.moments[op.phase][moment][place] =
        old * store.moments[op.phase][moment][place] + new
      return store.moments[op.phase][moment][place]
    }
    func adam(_ beta1: Double, _ beta2: Double, _ epsilon: Double) -> Double {
      let m = follow(0, beta1, (1 - beta1) * g)
      let v = follow(1, beta2, (1 - beta2) * g * g)
      return m * row.correction1 / ((v * row.correction2).squareRoot() + epsilon)
    }
    let direction: Double
    switch op.optimizer {
    case .adam(let beta1, let beta2, let epsilon): direction = adam(beta1, beta2, epsilon)
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      direction =
        adam(beta1, beta2, epsilon) + (decays ? decay * store.parameters[index] : 0)
    case .rmsProp(let rho, let momentum, let epsilon):
      let v = follow(0, rho, (1 - rho) * g * g)
      let step = g / (v.squareRoot() + epsilon)
      direction = momentum == 0 ? step : follow(1, momentum, step)
    case .sgd(let momentum, let nesterov):
      let b = momentum == 0 ? g : follow(0, momentum, g)
      direction = nesterov && momentum != 0 ? g + momentum * b : b
    }
    store.parameters[index] -= row.learningRate * direction
  }
}
