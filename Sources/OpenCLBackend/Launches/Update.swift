import Graphs
import Plans

extension LaunchList {
  mutating func update(_ op: Update) {
    let group = layout.groups[op.phase]
    let (count, start) = (group.range.count, group.range.lowerBound)
    guard count > 0 else { return }
    precondition(
      op.optimizer.momentCount <= group.momentCount, "the store must have the optimizer's moments")
    // For moments that the optimizer does not have, the parameters are passed; they are not used.
    let moments = (0..<2).map { index in
      index < op.optimizer.momentCount ? Place.moment(index, phase: op.phase) : .parameters(0)
    }
    // Two elements: the squared norm, and whether the gate is open.
    let needsRoom = op.gate != nil || op.clipping.isByNorm
    let norm = Place.arena(needsRoom ? reserveArena(2) : 0)
    let (kind, limit) = clip(op.clipping, norm: norm)
    if let gate = op.gate { self.gate(gate, op, to: .arena(norm.offset + 1)) }
    let settings = OptimizerSettings(op.optimizer)
    var defines = ["OPTIMIZER=\(settings.number)", "CLIPPING=\(kind)"]
    if case .adamW = op.optimizer { defines += decayingRuns(layout.parameters.part(group.range)) }
    if layout.groups.count > 1 {
      defines += ["PHASES=\(layout.groups.count)", "PHASE=\(op.phase)"]
    }
    if !op.isLast { defines.append("LAST=0") }
    if op.gate != nil { defines.append("GATED=1") }
    launch(
      "update", defines: defines,
      [.int(count)] + (settings.factors + [limit]).map(Argument.float)
        + [.buffer(.state), .buffer(.schedule), .tensor(.gradients(start))]
        + [.tensor(.parameters(start)), .buffer(moments[0]), .buffer(moments[1]), .tensor(norm)],
      groups: sizes.flatGroups(count))
  }

  mutating func scheduled(_ op: Scheduled, _ node: Node) {
    launch(
      "scheduled",
      [
        .int(layout.scheduleCount), .int(layout.ramps.count), .int(layout.column(of: op.ramp)),
        .buffer(.state), .buffer(.schedule), tensor(node.outputs[0]),
      ], groups: 1)
  }

  private mutating func gate(_ gate: Gate, _ op: Update, to open: Place) {
    var defines = [
      "COLUMNS=\(layout.feeds[.training]!.partCount)", "COLUMN=\(gate.columns.lowerBound)",
      "COUNT=\(gate.columns.count)",
      "WEIGHTS=" + gate.weights.map { "\(Float($0))f" }.joined(separator: ","),
    ]
    if !op.isLast { defines.append("LAST=0") }
    launch(
      "gate", defines: defines,
      [
        .float(gate.above ?? -.infinity), .float(gate.below ?? .infinity), .buffer(.state),
        .buffer(.log(.training)), .tensor(open),
      ], groups: 1)
  }

  /// The number of the clipping in `update.cl`, and its limit; the squared norm of the gradients is
  /// the sum of the values that `record` wrote.
  private mutating func clip(
    _ clipping: GradientClipping, norm: Place
  ) -> (kind: Int, limit: Double) {
    switch clipping {
    case .none: return (0, 0)
    case .value(let limit): return (1, limit)
    case .norm(let limit):
      guard let squares else { preconditionFailure("an update must follow its step's record") }
      launch(
        "finish_sum",
        [.int(squares.count), .tensor(.arena(squares.offset)), .tensor(norm)], groups: 1)
      return (2, limit)
    }
  }

  /// The alternating ends of ranges of parameters with and without decay.
  private func decayingRuns(_ parameters: ParameterLayout) -> [String] {
    let entries = parameters.entries
    let ends = entries.indices.compactMap { index -> Int? in
      guard index + 1 < entries.count else { return parameters.count }
      let next = entries[index + 1]
      return next.decays == entries[index].decays ? nil : next.offset
    }
    return [
      "RUN_ENDS=" + ends.map { "\($0)" }.joined(separator: ","),
      "FIRST_DECAYS=\(entries[0].decays ? 1 : 0)",
    ]
  }
}

extension StoreLayout {
  /// The size of the schedules in the table of steps, in elements; the ramps' values come after
  /// them.
  var scheduleCount: Int { groups.count * StepSchedule.columnCount * stepCount }

  /// Rows of the table of steps.
  var stepCount: Int { feeds[.training]?.stepCount ?? 0 }
}

/// An optimizer as `update.cl` knows it.
private struct OptimizerSettings {
  var number: Int
  /// decay1, rest1, decay2, rest2, epsilon, decay.
  var factors = [Double](repeating: 0, count: 6)

  init(_ optimizer: Optimizer) {
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      number = 0
      factors = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon, 0]
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      number = 4
      factors = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon, decay]
    case .rmsProp(let rho, let momentum, let epsilon):
      number = momentum == 0 ? 5 : 6
      factors = [momentum, 0, rho, 1 - rho, epsilon, 0]
    case .sgd(let momentum, let nesterov):
      number = momentum == 0 ? 1 : nesterov ? 3 : 2
      factors[0] = momentum
    }
  }
}
