import Graphs
import Plans
import Training

/// Runs a prepared plan launch by launch, and compares what each computes with what the judge makes
/// of the same operands, so that an error is found where it is made and spreads no further.
struct PlanCheck {
  /// Which steps are judged.
  enum Extent {
    case all
    /// Those that a second step of training computes otherwise than the first.
    case counted
  }

  let executable: any SteppedExecutable
  private let session: Session
  private let judge: Judge
  private let groups: [LaunchGroup]
  private let products: [Int: ProductChoice]
  private var values: DeviceValues
  /// How close the value of a scalar comes that is only kept as partial sums.
  private var tolerances: [TensorID: Tolerance] = [:]
  private var evidence: [Evidence] = []

  private var plan: Plan { executable.plan }

  /// - Parameter session: the device's.
  init(_ executable: any SteppedExecutable, in session: Session, judge: Judge) {
    self.executable = executable
    self.session = session
    self.judge = judge
    groups = LaunchGroup.groups(of: executable)
    let steps = executable.plan.products.map(\.step)
    let choices = executable.productChoices
    products =
      steps.count == choices.count
      ? Dictionary(uniqueKeysWithValues: zip(steps, choices)) : [:]
    values = DeviceValues(executable)
  }

  /// Runs the plan once.
  /// - Parameter cursor: where its feed is; it is moved on as the plan does.
  /// - Returns: what is wrong, in the order of the steps.
  mutating func run(_ extent: Extent, at cursor: inout FeedCursor) throws -> [Evidence] {
    values.reset()
    tolerances = [:]
    evidence = []
    for group in groups {
      let judged = group.steps.filter { extent == .all || plan.steps[$0].followsCounters }
      try readOperands(of: judged, of: group)
      var contents = try StoreContents(readBy: judged.map { plan.steps[$0] }, session)
      for launch in group.launches { try executable.run(launch: launch) }
      // Steps that follow in the same launch find the gradients that it computes.
      if computesGradients(group) { try contents.readGradients(session) }
      let before = contents
      for step in judged {
        try judge(step, of: group, before, at: &cursor)
        values.forget(after: step)
      }
    }
    return evidence
  }

  private func computesGradients(_ group: LaunchGroup) -> Bool {
    group.steps.contains { step in
      plan.steps[step].outputs.contains { output in
        if case .gradients? = plan.placements[output] { true } else { false }
      }
    }
  }

  /// Operands that no step of the group computes are read before it runs.
  private mutating func readOperands(of steps: [Int], of group: LaunchGroup) throws {
    let made = Set(group.steps.flatMap { plan.steps[$0].outputs })
    for step in steps {
      for input in plan.steps[step].inputs
      where !made.contains(input) && plan.isInArena(input) && !executable.unstored.contains(input) {
        _ = try values.value(of: input)
      }
    }
  }

  private mutating func judge(
    _ step: Int, of group: LaunchGroup, _ before: StoreContents, at cursor: inout FeedCursor
  ) throws {
    let node = plan.steps[step]
    try before.write(to: judge)
    let row = cursor.row
    let opinion = try judge.opinion(on: step, of: plan, at: cursor) { tensor in
      if let part = node.losses.firstIndex(of: tensor), !isKnown(tensor) {
        return try [loggedLoss(part, of: node, row)]
      }
      return try values.value(of: tensor)
    }
    try compareResults(of: step, group, opinion)
    try compareStore(after: step, group, opinion, before, cursor)
    if node.counts { cursor.countUp() }
  }

  /// Whether the value of a tensor is; the sum of what is not stored is known only where it was
  /// judged.
  private func isKnown(_ tensor: TensorID) -> Bool {
    !executable.unstored.contains(tensor) || tolerances[tensor] != nil
  }

  /// What the device recorded of a loss.
  private func loggedLoss(_ part: Int, of node: Node, _ row: Int) throws -> Float {
    guard case .record(let op) = node.op else { return 0 }
    return Float(try session.store.losses(op.feed, rows: row..<row + 1)[op.firstColumn + part])
  }

  private mutating func compareResults(
    of step: Int, _ group: LaunchGroup, _ opinion: Judge.Opinion
  ) throws {
    let node = plan.steps[step]
    guard !node.outputs.isEmpty else { return }
    let operands = try node.inputs.map { try floats(of: $0) }
    for (place, output) in node.outputs.enumerated() {
      let expected = opinion.results[place]
      let tolerance = node.tolerance(
        in: plan.graph, operands: operands, expected: expected, place: place
      ).widened(by: opinion.widening)
      guard !executable.unstored.contains(output) else {
        values.note(expected, of: output)
        tolerances[output] = tolerance
        continue
      }
      let received = try executable.floats(of: output)
      let comparison = Comparison(
        received, with: expected, tolerance,
        excused: excuse(node, operands, received, expected))
      note(comparison, step, group, "result", plan.graph.shape(output), received, expected)
      values.note(received, of: output)
    }
  }

  /// Elements that a rounding turns over.
  private func excuse(
    _ node: Node, _ operands: [[Float]], _ received: [Float], _ expected: [Float]
  ) -> (Int) -> Bool {
    switch node.op {
    case .activateGradient where executable.unstored.contains(node.inputs[1]):
      // The device's own value of it is not known, and its sign decides.
      let bound = Float(1e-4 * largest(operands[1]))
      return { abs(operands[1][$0]) <= bound }
    case .nearest:
      let columns = plan.graph.shape(node.inputs[0])[1]
      return { row in
        func distance(_ code: Float) -> Float {
          guard code >= 0, Int(code) * columns + columns <= operands[1].count else {
            return .infinity
          }
          return (0..<columns).reduce(0) { sum, column in
            let difference =
              operands[0][row * columns + column] - operands[1][Int(code) * columns + column]
            return sum + difference * difference
          }
        }
        let (own, other) = (distance(received[row]), distance(expected[row]))
        return abs(own - other) <= 1e-4 * max(own, other)
      }
    default: return { _ in false }
    }
  }

  /// An operand's numbers; none of what is no float, or is no operand of a result.
  private mutating func floats(of tensor: TensorID) throws -> [Float] {
    switch plan.placements[tensor] {
    case .examples, .order, .labels, nil: []
    case .parameters(let offset):
      try judge.floats(offset..<offset + plan.graph.shape(tensor).count, of: .parameters)
    case .state(let offset):
      try judge.floats(offset..<offset + plan.graph.shape(tensor).count, of: .state)
    case .arena, .input, .constant, .gradients: try values.value(of: tensor)
    }
  }

  /// What a step changes that is no tensor of the plan.
  private mutating func compareStore(
    after step: Int, _ group: LaunchGroup, _ opinion: Judge.Opinion, _ before: StoreContents,
    _ cursor: FeedCursor
  ) throws {
    let node = plan.steps[step]
    switch node.op {
    case .record(let op):
      let row = cursor.row..<cursor.row + 1
      let received = try session.store.losses(op.feed, rows: row).map(Float.init)
      let expected = try opinion.store.losses(op.feed, rows: row).map(Float.init)
      for part in 0..<op.partCount {
        let loss = node.inputs[part]
        guard isKnown(loss) else { continue }
        let column = op.firstColumn + part
        let comparison = Comparison(
          [received[column]], with: [expected[column]],
          tolerances[loss] ?? Tolerance(absolute: 0, relative: 2e-6))
        // What is wrong with a sum that is not stored is wrong where it was made.
        let maker = plan.steps.firstIndex { $0.outputs.contains(loss) }
        note(
          comparison, step, group, "loss \(part + 1)", [1], [received[column]],
          [expected[column]], madeBy: executable.unstored.contains(loss) ? maker : nil)
      }
    case .update(let op):
      let range = session.layout.groups[op.phase].range
      try compare(range, of: .parameters, "parameters", step, group, opinion) { expected in
        let size = largestDifference(expected, before.parameters(range))
        return Tolerance(absolute: 4e-6 * size, relative: 2.4e-7)
      }
      for index in 0..<op.optimizer.momentCount {
        try compare(
          0..<range.count, of: .moment(index, phase: op.phase), "moment \(index + 1)", step, group,
          opinion
        ) { Tolerance(absolute: 1e-6 * largest($0), relative: 4e-6) }
      }
    case .updateStatistics, .updateCodebook:
      // The launch may change the state of other layers, too.
      for tensor in node.inputs {
        guard case .state(let offset) = plan.placements[tensor] else { continue }
        try compare(
          offset..<offset + plan.graph.shape(tensor).count, of: .state, "state", step, group,
          opinion
        ) { _ in Tolerance(absolute: 1e-5, relative: 1e-5) }
      }
    default: break
    }
  }

  private mutating func compare(
    _ elements: Range<Int>, of buffer: StoreBuffer, _ quantity: String, _ step: Int,
    _ group: LaunchGroup, _ opinion: Judge.Opinion, _ tolerance: ([Float]) -> Tolerance
  ) throws {
    let received = try session.store.floats(elements, of: buffer)
    let expected = try opinion.store.floats(elements, of: buffer)
    let comparison = Comparison(
      received, with: expected, tolerance(expected).widened(by: opinion.widening))
    note(comparison, step, group, quantity, [received.count], received, expected)
    // Later steps find what the device has.
    try judge.write(received, to: buffer, at: elements.lowerBound)
  }

  /// The product that a step is, or rides on.
  private func product(of step: Int) -> ProductChoice? {
    products[step] ?? executable.hosts[step].flatMap(product)
  }

  private mutating func note(
    _ comparison: Comparison, _ step: Int, _ group: LaunchGroup, _ quantity: String,
    _ shape: Shape, _ received: [Float], _ expected: [Float], madeBy maker: Int? = nil
  ) {
    guard comparison.wrongCount > 0 else { return }
    evidence.append(
      Evidence(
        plan: plan.name, step: step, operation: plan.steps[step].op.operation.name,
        kernels: group.kernels, quantity: quantity, shape: "\(shape)", index: comparison.index,
        expected: Double(expected[comparison.index]),
        received: Double(received[comparison.index]), wrongCount: comparison.wrongCount,
        count: received.count, product: product(of: maker ?? step)))
  }
}

extension Node {
  /// The losses that it records.
  fileprivate var losses: [TensorID] {
    if case .record(let op) = op { Array(inputs.prefix(op.partCount)) } else { [] }
  }

  /// Whether it counts its feed's row and step up.
  fileprivate var counts: Bool { if case .record(let op) = op { op.isLast } else { false } }
}

extension Plan {
  /// Whether a tensor has values that are this plan's own.
  fileprivate func isInArena(_ tensor: TensorID) -> Bool {
    switch placements[tensor] {
    case .arena, .input, .constant, .gradients: true
    case .parameters, .state, .examples, .order, .labels, nil: false
    }
  }
}
