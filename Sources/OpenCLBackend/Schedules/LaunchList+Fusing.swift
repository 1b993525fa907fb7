import Graphs

/// Fused launches: steps that compute rows from rows, from the gathered batch to the gradient of
/// the first layer, become one launch; steps that do not depend on each other, such as weight
/// gradients, become another.
///
/// In the first, each group computes its part of the rows through all steps, and no group needs
/// another's results (`RowCut`). Steps between these in the plan are moved before them, if they
/// depend on none, or after them, which is possible because every tensor has separate memory.
extension LaunchList {
  /// - Parameter joins: whether all phases become one launch, if they can.
  /// - Returns: the number of phases.
  @discardableResult
  mutating func fuse(joins: Bool = false) -> Int {
    let plain = instructions.indices.map { Item(self, $0) }
    removeInstructions()
    var sections = [Section()]
    for item in plain where !sections[sections.count - 1].take(item) {
      sections.append(Section())
      _ = sections[sections.count - 1].take(item)
    }
    let phases = sections.flatMap(\.phases)
    if joins, phases.count > 1, phases.allSatisfy(\.mayBeJoined) {
      append(
        phases.flatMap(\.items),
        Launch(
          fusing: phases.map(\.branches), units: sizes.computeUnits, defines: sizes.defines))
    } else {
      for phase in phases { append(phase) }
    }
    return phases.count
  }

  private mutating func append(_ phase: PlannedPhase) {
    if phase.isPlain {
      append(phase.items[0].instruction, phase.items[0].label)
    } else {
      append(
        phase.items,
        Launch(fusing: phase.branches, units: sizes.computeUnits, defines: sizes.defines))
    }
  }

  private mutating func append(_ items: [Item], _ launch: Launch) {
    append(
      .launch(launch),
      Label(steps: items.flatMap(\.label.steps), kernels: items.flatMap(\.label.kernels)))
  }
}

/// Steps whose groups wait for no other group of them, but at most for earlier phases.
private struct PlannedPhase {
  let items: [Item]
  private let parts: [[Item]]
  /// Whether each group computes its part of the rows through all steps.
  private let isByRows: Bool
  /// Whether it is a launch, or a library's call, by itself.
  var isPlain: Bool { items.count == 1 && !isByRows }

  /// Steps of the same rows.
  init(chain items: [Item]) { (self.items, parts, isByRows) = (items, [items], true) }

  /// Steps that run in parallel; those of a part one after the other, group by group.
  init(_ parts: [[Item]]) {
    items = Array(parts.joined())
    self.parts = parts
    isByRows = items.count == 1 && items[0].isCutByRows
  }

  var mayBeJoined: Bool { items.allSatisfy(\.isCallable) }

  var branches: Phase {
    parts.map { items in
      let groups = items[0].launch!.groups
      return Branch(
        launches: items.map(\.launch!), groupCount: isByRows ? groups.last! : groups.reduce(1, *))
    }
  }
}

/// Steps of which one fused launch contains those that compute rows from rows.
private struct Section {
  private var before: [Item] = []
  private var chain: [Item] = []
  private var after: [Item] = []

  var phases: [PlannedPhase] {
    phases(of: before) + (chain.isEmpty ? [] : [PlannedPhase(chain: chain)]) + phases(of: after)
  }

  /// Runs in parallel what does not depend on each other.
  private func phases(of items: [Item]) -> [PlannedPhase] {
    var phases: [PlannedPhase] = []
    var branches: [[Item]] = []
    func end() {
      if !branches.isEmpty { phases.append(PlannedPhase(branches)) }
      branches = []
    }
    for item in items {
      let earlier = branches.indices.filter { index in
        branches[index].contains { $0.isNeeded(before: item) }
      }
      if !item.mayBeBranch || !earlier.isEmpty {
        if item.mayBeBranch, earlier.count == 1, item.mayExtend(branches[earlier[0]]) {
          branches[earlier[0]].append(item)
          continue
        }
        end()
      }
      branches.append([item])
      if !item.mayBeBranch { end() }
    }
    end()
    return phases
  }

  /// - Returns: whether it can be added: a step of the chain only if no later step must come before
  ///   it.
  mutating func take(_ item: Item) -> Bool {
    let isLate = after.contains { $0.endsStep || $0.isNeeded(before: item) }
    if item.isRowLocal {
      guard !isLate, item.mayFollow(chain) else { return false }
      chain.append(item)
    } else if isLate || item.endsStep || chain.contains(where: { $0.isNeeded(before: item) }) {
      after.append(item)
    } else {
      before.append(item)
    }
    return true
  }
}

/// An instruction, and the memory that its step reads and writes.
private struct Item {
  let instruction: Instruction
  let label: LaunchList.Label
  /// Whether it computes rows from the same rows, and from operands that it reads completely; or
  /// from all rows, if there is only one part.
  let isRowLocal: Bool
  /// Whether it is a product whose groups are parts of the rows: these compute all its panels in
  /// turn, because a part has memory for one packed panel.
  let isCutByRows: Bool
  /// Whether it increments the step or updates parameters: later steps of the plan, such as the
  /// update of running statistics, must stay after it.
  let endsStep: Bool
  private let memory: MemoryAccess
  private let rows: Int
  /// Memory that it reads completely, and that other parts may write.
  private let whole: [MemorySpan]
  /// For a product: its result's shape, its tiling, and its addend.
  private let tiling: (shape: Shape, candidate: ProductCandidate)?
  private let addend: MemorySpan?

  init(_ list: LaunchList, _ index: Int) {
    instruction = list.instructions[index]
    label = list.labels[index]
    let step = list.plan.steps[label.step]
    memory = MemoryAccess(step, list)
    let product = step.outputs.first.flatMap { list.products[$0] }
    tiling = product.map { ([$0.m, $0.n], list.candidate($0)) }
    isCutByRows = product.map { list.rowPanel($0) != nil } ?? false
    addend =
      if case .product(let op) = step.op, let place = op.operandIndices.addend {
        list.span(step.inputs[place])
      } else { nil }
    let kernel = label.kernels[0]
    rows = step.outputs.first.map { Self.rows(of: list.shape($0), kernel: kernel) } ?? 0
    let isCalled =
      Self.rowKernels.contains(kernel) && (product == nil || isCutByRows)
    switch list.rowUses[label.step] {
    case _ where !isCalled, nil: (isRowLocal, whole) = (false, [])
    case .all: (isRowLocal, whole) = (list.cut == .whole, [])
    case .each(let places):
      // A group may read what it wrote before.
      isRowLocal = true
      whole = list.cut == .whole ? [] : places.map { list.span(step.inputs[$0]) }
    }
    endsStep =
      switch step.op {
      case .record, .update: true
      default: false
      }
  }

  var launch: Launch? {
    if case .launch(let launch) = instruction { launch } else { nil }
  }

  func isNeeded(before later: Item) -> Bool { memory.isNeeded(before: later.memory) }

  /// Whether a group may run it after these for its own rows: it reads their results by the same
  /// rows, and writes nothing that they use.
  func mayFollow(_ chain: [Item]) -> Bool {
    chain.allSatisfy { $0.rows == rows } && mayFollow(chain, byRows: whole)
  }

  /// Whether its groups only depend on the same groups of these: it adds its sum to theirs.
  func mayExtend(_ branch: [Item]) -> Bool {
    guard let tiling else { return false }
    return branch.allSatisfy { $0.tiling.map { $0 == tiling } ?? false }
      && mayFollow(branch, byRows: memory.reads.filter { $0 != addend })
  }

  /// - Parameter whole: memory that it reads, except for its own elements or rows.
  private func mayFollow(_ items: [Item], byRows whole: [MemorySpan]) -> Bool {
    items.allSatisfy { earlier in
      earlier.memory.writes.allSatisfy { written in
        whole.allSatisfy { !$0.overlaps(written) }
          && memory.reads.allSatisfy { !$0.overlaps(written) || $0 == written }
      }
        && memory.writes.allSatisfy { written in
          (earlier.memory.reads + earlier.memory.writes).allSatisfy { !$0.overlaps(written) }
        }
    }
  }

  /// Whether a fused launch can call its kernel.
  var isCallable: Bool {
    guard let launch, launch.groups.count <= 2 else { return false }
    return Self.branchKernels.union(Self.rowKernels).union(Self.otherKernels)
      .contains(launch.kernel)
  }

  /// Whether it can run in parallel with others: a kernel that fused launches can call, without
  /// scratch, which all would share.
  var mayBeBranch: Bool {
    guard let launch, launch.groups.count <= 2, !isCutByRows,
      Self.branchKernels.contains(launch.kernel)
    else {
      return false
    }
    return !launch.arguments.contains { $0.place?.buffer == .scratch(0) }
  }

  /// Kernels that can run in parallel with others: like those that compute rows from rows, they
  /// take IDS (vectors.cl).
  private static let branchKernels: Set = [
    "column_sum", "normal", "product", "scale", "sum_of_squares", "update", "update_statistics",
  ]

  /// Kernels whose groups compute parts of the rows, or all rows if there is one part.
  private static let rowKernels: Set = [
    "activate", "activate_gradient", "add", "batch_norm", "batch_norm_columns",
    "batch_norm_columns_gradient", "columns", "concatenate", "dropout", "gather", "gather_labels",
    "noise", "noise_gradient", "product",
    "reparameterize", "reparameterize_gradient",
  ]

  /// Other kernels that take IDS.
  private static let otherKernels: Set = [
    "batch_norm_finish", "batch_norm_gradient", "batch_norm_sums", "look_through", "record",
  ]

  /// The number of rows that a kernel divides: all kernels that do not know channels treat images
  /// as examples.
  private static func rows(of shape: Shape, kernel: String) -> Int {
    kernel.hasPrefix("batch_norm") ? shape.rows : shape.dimensions.first ?? 1
  }
}
