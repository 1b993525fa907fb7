import Graphs

/// Fused launches: what computes rows from rows, from the gathered batch to the gradient of the
/// first layer, is one; what does not wait for each other, as weight gradients, is another.
///
/// In the first, a group takes a share of the rows through all of it, and no group needs another's
/// (`RowCut`).
/// What stands between such steps in the plan comes before them, if it waits for none, or after,
/// which every tensor's own place allows.
extension LaunchList {
  mutating func fuse() {
    let plain = instructions.indices.map { Item(self, $0) }
    removeInstructions()
    var section = Section()
    for item in plain {
      if !section.take(item) {
        append(section)
        section = Section()
        _ = section.take(item)
      }
    }
    append(section)
  }

  private mutating func append(_ section: Section) {
    append(section.before)
    append(chain: section.chain)
    append(section.after)
  }

  /// Each group takes its share of the rows through all of them.
  private mutating func append(chain: [Item]) {
    guard let first = chain.first else { return }
    let groups = first.launch!.groups.last!
    append([Branch(launches: chain.map(\.launch!), groupCount: groups)], of: chain)
  }

  /// Side by side what does not wait for each other.
  private mutating func append(_ items: [Item]) {
    var branches: [[Item]] = []
    for item in items {
      let earlier = branches.indices.filter { index in
        branches[index].contains { $0.isNeeded(before: item) }
      }
      if !item.mayBeBranch || !earlier.isEmpty {
        if item.mayBeBranch, earlier.count == 1, item.mayExtend(branches[earlier[0]]) {
          branches[earlier[0]].append(item)
          continue
        }
        append(branches)
        branches = []
      }
      branches.append([item])
      if !item.mayBeBranch {
        append(branches)
        branches = []
      }
    }
    append(branches)
  }

  private mutating func append(_ branches: [[Item]]) {
    if branches.joined().count > 1 {
      append(
        branches.map { items in
          Branch(launches: items.map(\.launch!), groupCount: items[0].launch!.groups.reduce(1, *))
        }, of: Array(branches.joined()))
    } else if let item = branches.first?.first {
      if item.isCutByRows {
        append(chain: [item])
      } else {
        append(item.instruction, item.label)
      }
    }
  }

  private mutating func append(_ branches: [Branch], of items: [Item]) {
    append(
      .launch(Launch(fusing: branches, units: sizes.computeUnits, defines: sizes.defines)),
      Label(steps: items.flatMap(\.label.steps), kernels: items.flatMap(\.label.kernels)))
  }
}

/// Steps of which one fused launch takes those that compute rows from rows.
private struct Section {
  private(set) var before: [Item] = []
  private(set) var chain: [Item] = []
  private(set) var after: [Item] = []

  /// - Returns: whether it has a place here: one for the chain only if nothing that comes after the
  ///   chain need come before it.
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

/// An instruction, and what its step reads and writes.
private struct Item {
  let instruction: Instruction
  let label: LaunchList.Label
  /// Whether it computes rows from the same rows, and from what its step reads as a whole; or from
  /// all rows, which are one share.
  let isRowLocal: Bool
  /// Whether it is a product whose groups are shares of the rows: they take all its panels in turn,
  /// as those of one share have room for one.
  let isCutByRows: Bool
  /// Whether it counts the step, or moves the parameters: what comes later in the plan, as the
  /// update of running statistics, stays later.
  let endsStep: Bool
  private let memory: MemoryAccess
  private let rows: Int
  /// What it reads as a whole, and other shares may write.
  private let whole: [MemorySpan]
  /// Of a product: its result's shape and how that is cut into groups, and what it adds to its sum.
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
      // One group may read what it wrote before.
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

  /// Whether a group may run it after these for its rows alone: what they write it reads by the
  /// same rows, and it writes nothing that they touch.
  func mayFollow(_ chain: [Item]) -> Bool {
    chain.allSatisfy { $0.rows == rows } && mayFollow(chain, byRows: whole)
  }

  /// Whether its groups wait for the same groups of these only: it adds its sum to theirs.
  func mayExtend(_ branch: [Item]) -> Bool {
    guard let tiling else { return false }
    return branch.allSatisfy { $0.tiling.map { $0 == tiling } ?? false }
      && mayFollow(branch, byRows: memory.reads.filter { $0 != addend })
  }

  /// - Parameter whole: what it reads, but for its own elements or rows.
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

  /// Whether it may run beside others: a kernel that fused launches call, and no user of scratch,
  /// which all would share.
  var mayBeBranch: Bool {
    guard let launch, launch.groups.count <= 2, !isCutByRows,
      Self.branchKernels.contains(launch.kernel)
    else {
      return false
    }
    return !launch.arguments.contains { $0.place?.buffer == .scratch(0) }
  }

  /// Kernels that stand beside others: they take IDS (vectors.cl), as those that are row-local do.
  private static let branchKernels: Set = [
    "column_sum", "normal", "product", "scale", "sum_of_squares", "update", "update_statistics",
  ]

  /// Kernels whose groups take shares of the rows, or all of them if there is one share.
  private static let rowKernels: Set = [
    "activate", "activate_gradient", "add", "batch_norm", "batch_norm_columns",
    "batch_norm_columns_gradient", "columns", "concatenate", "dropout", "gather", "gather_labels",
    "noise", "noise_gradient", "product",
    "reparameterize", "reparameterize_gradient",
  ]

  /// How many rows a kernel cuts: images are examples to all but those that know channels.
  private static func rows(of shape: Shape, kernel: String) -> Int {
    kernel.hasPrefix("batch_norm") ? shape.rows : shape.dimensions.first ?? 1
  }
}
