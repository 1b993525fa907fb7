import Graphs

/// An instruction, and the memory that its step reads and writes.
struct FusedItem {
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

  func isNeeded(before later: FusedItem) -> Bool { memory.isNeeded(before: later.memory) }

  /// Whether a group may run it after these for its own rows: it reads their results by the same
  /// rows, and writes nothing that they use.
  func mayFollow(_ chain: [FusedItem]) -> Bool {
    chain.allSatisfy { $0.rows == rows } && mayFollow(chain, byRows: whole)
  }

  /// Whether its groups only depend on the same groups of these: it adds its sum to theirs.
  func mayExtend(_ branch: [FusedItem]) -> Bool {
    guard let tiling else { return false }
    return branch.allSatisfy { $0.tiling.map { $0 == tiling } ?? false }
      && mayFollow(branch, byRows: memory.reads.filter { $0 != addend })
  }

  /// - Parameter whole: memory that it reads, except for its own elements or rows.
  private func mayFollow(_ items: [FusedItem], byRows whole: [MemorySpan]) -> Bool {
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
