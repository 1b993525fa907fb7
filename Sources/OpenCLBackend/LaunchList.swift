import Graphs
import Plans

/// Translates a plan's steps to launches. These are values, so that memory sizes are known before
/// anything is allocated.
struct LaunchList {
  let plan: Plan
  let sizes: WorkSizes
  let layout: StoreLayout
  private let table: ProductTable
  /// The plan's matrix products that are not empty, by their results.
  private(set) var products: [TensorID: ProductShape] = [:]
  private(set) var instructions: [Instruction] = []
  /// The steps of each instruction, and its kernels.
  private(set) var labels: [Label] = []
  /// Partial sums of the scalars that kernels compute: the first element, after the plan's arena,
  /// and their number.
  private(set) var partials: [TensorID: (offset: Int, count: Int)] = [:]
  /// Bias gradients that are computed together with a weight gradient, by the latter.
  private(set) var columnSumsBeside: [TensorID: TensorID] = [:]
  /// Gradients of activations that are computed together with a loss gradient, by the latter.
  private(set) var activationsBeside: [TensorID: (of: Activation, result: TensorID)] = [:]
  /// Losses that are computed together with a product, by its result.
  private(set) var lossesBeside: [TensorID: Node] = [:]
  /// The size of the arena with the partial sums, in elements.
  private(set) var arenaCount: Int
  /// How rows are divided for `fuse`, if they are.
  let cut: RowCut?
  /// Which steps compute rows from rows, if these are divided, and which products they are.
  let rowUses: [Int: RowUse]
  private var cutProducts: Set<ProductShape> = []
  /// Steps whose instructions go into the second queue.
  let stepsAside: Set<Int>
  /// The size of the largest scratch that a step of each queue needs, in elements; all steps of a
  /// queue share it, because they run one after the other.
  private(set) var scratchCounts = (first: 0, aside: 0)
  /// Whether new instructions go into the second queue.
  private var isAside = false
  /// Whether the current step computes rows from divided rows.
  private var isCut = false
  /// Partial sums of the squared gradients, which `record` computes for an update that clips by
  /// norm.
  var squares: (offset: Int, count: Int)?

  /// - Parameters:
  ///   - stepsAside: the steps that go into the second queue.
  ///   - cut: how rows are divided for `fuse`, if they are.
  init(
    _ plan: Plan, _ sizes: WorkSizes, _ layout: StoreLayout, _ table: ProductTable,
    aside stepsAside: Set<Int> = [], cut: RowCut? = nil
  ) {
    self.plan = plan
    self.stepsAside = stepsAside
    self.cut = table.isForced ? nil : cut
    rowUses = self.cut == nil ? [:] : plan.rowUses
    self.sizes = sizes
    self.layout = layout
    self.table = table
    arenaCount = plan.arenaCount
    findProducts()
    activationsBeside = findActivationsBesideLosses()
    lossesBeside = findLossesBesideProducts()
    for (index, node) in plan.steps.enumerated() {
      isAside = stepsAside.contains(index)
      isCut = rowUses[index] != nil
      append(node)
      labels += instructions[labels.count...].map { Label(steps: [index], kernels: [$0.name]) }
    }
  }

  /// The origin of an instruction.
  struct Label {
    let steps: [Int]
    let kernels: [String]

    /// The first step, which determines the queue.
    var step: Int { steps[0] }
  }

  private mutating func append(_ node: Node) {
    switch node.op {
    case .gather(let op): gather(op, node)
    case .denormalize(let op): denormalize(op, node)
    case .product(let op): product(op, node)
    case .conv2D(let op): conv2D(op, node)
    case .conv2DInputGradient(let op): conv2DInputGradient(op, node)
    case .conv2DWeightGradient(let op): conv2DWeightGradient(op, node)
    case .addBias: addBias(node)
    case .columnSum: columnSum(node)
    case .activate(let op): activate(op, node)
    case .activateGradient(let op): activateGradient(op, node)
    case .pool2D(let op): pool2D(op, node)
    case .pool2DGradient(let op): pool2DGradient(op, node)
    case .upsample2D(let op): upsample2D(op, node)
    case .upsample2DGradient(let op): upsample2DGradient(op, node)
    case .upsampleWindow(let op): upsampleWindow(op, node)
    case .unfold1D(let op): unfold1D(op, node)
    case .fold1D(let op): fold1D(op, node)
    case .lstm: lstm(node)
    case .lstmGradient: lstmGradient(node)
    case .gru: gru(node)
    case .gruGradient: gruGradient(node)
    case .reshape, .straightThrough: break
    case .batchNorm(let op): batchNorm(op, node)
    case .batchNormGradient(let op): batchNormGradient(op, node)
    case .batchNormInference(let op): batchNormInference(op, node)
    case .add: add(node)
    case .scale(let op): scale(op, node)
    case .reconstructionLoss(let op): reconstructionLoss(op, node)
    case .reconstructionLossGradient(let op): reconstructionLossGradient(op, node)
    case .reconstructionLossWithGradient(let op): reconstructionLossWithGradient(op, node)
    case .exampleLoss(let op): exampleLoss(op, node)
    case .exampleLossGradient(let op): exampleLossGradient(op, node)
    case .sumOfSquares: sumOfSquares(node)
    case .sumOfAbsolutes: sumOfAbsolutes(node)
    case .sumOfAbsolutesGradient: sumOfAbsolutesGradient(node)
    case .sparsity(let op): sparsity(op, node)
    case .sparsityGradient(let op): sparsityGradient(op, node)
    case .freeBits(let op): freeBits(op, node)
    case .freeBitsGradient(let op): freeBitsGradient(op, node)
    case .discrepancy(let op): discrepancy(op, node)
    case .discrepancyGradient(let op): discrepancyGradient(op, node)
    case .normal(let op): normal(op, node)
    case .dropout(let op): dropout(op, node)
    case .noise(let op): noise(op, node)
    case .noiseGradient(let op): noiseGradient(op, node)
    case .reparameterize(let op): reparameterize(op, node)
    case .reparameterizeGradient(let op): reparameterizeGradient(op, node)
    case .importanceSample(let op): importanceSample(op, node)
    case .importanceSampleGradient(let op): importanceSampleGradient(op, node)
    case .importanceBound(let op): importanceBound(op, node)
    case .importanceBoundGradient(let op): importanceBoundGradient(op, node)
    case .shapedPrior(let op): shapedPrior(op, node)
    case .scheduled(let op): scheduled(op, node)
    case .gatherLabels(let op): gatherLabels(op, node)
    case .concatenate: concatenate(node)
    case .columns(let op): columns(op, node)
    case .nearest: nearest(node)
    case .lookUp: lookUp(node)
    case .perplexity(let op): perplexity(op, node)
    case .allReduce(let op): allReduce(op, node)
    case .record(let op): record(op, node)
    case .updateStatistics(let op): updateStatistics(op, node)
    case .updateCodebook(let op): updateCodebook(op, node)
    case .update(let op): update(op)
    }
    for output in node.outputs where partials[output] != nil && isRead(output) { finish(output) }
  }

  /// A product also computes column sums if its candidate can.
  private mutating func findProducts() {
    let sums = plan.columnSumsBesideProducts
    for (step, shape) in plan.products where shape.m * shape.n > 0 {
      let result = plan.steps[step].outputs[0]
      if rowUses[step] != nil { cutProducts.insert(shape) }
      if candidate(shape).carriesColumnSums { columnSumsBeside[result] = sums[result] }
      products[result] = shape
    }
  }

  /// The candidate for a product of this shape.
  func candidate(_ shape: ProductShape) -> ProductCandidate {
    rowPanel(shape).map(ProductCandidate.panel) ?? table.candidate(shape, sizes)
  }

  /// The panel of a product whose rows are divided, for `fuse`.
  func rowPanel(_ shape: ProductShape) -> ProductCandidate.Panel? {
    guard let cut, cutProducts.contains(shape), shape.k > 0 else { return nil }
    return sizes.rowPanel(shape, shares: sizes.shares(of: shape.m, cut))
  }

  /// The programs of our own kernels.
  var programs: [ProgramKey] {
    instructions.compactMap {
      if case .launch(let launch) = $0 { launch.program } else { nil }
    }
  }

  mutating func append(_ instruction: Instruction) { instructions.append(instruction) }

  /// For `fuse`, which replaces them.
  mutating func removeInstructions() { (instructions, labels) = ([], []) }

  mutating func append(_ instruction: Instruction, _ label: Label) {
    instructions.append(instruction)
    labels.append(label)
  }

  /// Adds a launch of flat work-groups.
  mutating func launch(
    _ kernel: String, in file: String? = nil, defines: [String] = [], _ arguments: [Argument],
    groups: Int
  ) {
    append(
      .launch(
        Launch(
          file: file ?? kernel, kernel: kernel, defines: sizes.defines + defines,
          arguments: arguments, groups: [groups], local: [sizes.local])))
  }

  /// Work-groups of a kernel that computes rows from the same rows: as for `rowPanel`, if they are
  /// divided for `fuse`.
  func rowGroups(_ rows: Int, _ columns: Int) -> Int {
    sharesOfRows(rows) ?? sizes.cellGroups(rows: rows, columns: columns)
  }

  /// The number of parts into which the rows of the current step are divided, if they are.
  func sharesOfRows(_ rows: Int) -> Int? {
    isCut ? cut.map { sizes.shares(of: rows, $0) } : nil
  }

  /// Adds a launch of an elementwise kernel, which computes `y` from `x` and tensors of the same
  /// size. Its arguments are the number of elements, `numbers`, `x` and `y`.
  mutating func elementwise(
    _ kernel: String, in file: String? = nil, defines: [String] = [], _ numbers: [Argument] = [],
    of x: [TensorID], to y: TensorID
  ) {
    let count = shape(y).count
    guard count > 0 else { return }
    let rows = shape(y).dimensions.first ?? 1
    let shares = sharesOfRows(rows)
    var launch = Launch(
      file: file ?? kernel, kernel: kernel, defines: sizes.defines + defines,
      arguments: [.int(count)] + numbers + (x + [y]).map(tensor),
      groups: [shares ?? sizes.flatGroups(count)], local: [sizes.local])
    if shares != nil { launch.elements = Launch.Elements(rows: rows, columns: count / rows) }
    append(.launch(launch))
  }

  func shape(_ id: TensorID) -> Shape { plan.graph.shape(id) }

  func place(_ id: TensorID) -> Place {
    switch plan.placements[id] {
    case .arena(let offset), .constant(let offset, _), .input(let offset): .arena(offset)
    case .parameters(let offset): .parameters(offset)
    case .gradients(let offset): .gradients(offset)
    case .state(let offset): .layerState(offset)
    case .examples(let feed): .examples(feed)
    case .order(let feed): .order(feed)
    case .labels(let feed): .labels(feed)
    case nil: preconditionFailure("\(id) has no memory in \(plan.name)")
    }
  }

  /// The tensors that the launch of a step reads and writes, including those of operations fused
  /// into it.
  func tensors(of step: Node) -> (read: [TensorID], written: [TensorID]) {
    let loss = step.outputs.first.flatMap { lossesBeside[$0] }
    let results = step.outputs + (loss?.outputs ?? [])
    let beside = results.compactMap { columnSumsBeside[$0] ?? activationsBeside[$0]?.result }
    return (step.inputs + (loss?.inputs ?? []), results + beside)
  }

  func tensor(_ id: TensorID) -> Argument { .tensor(place(id)) }

  /// Reserves memory for a scalar's partial sums, one per work-group.
  mutating func reservePartials(_ scalar: TensorID, _ count: Int) -> Argument {
    let offset = reserveArena(count)
    partials[scalar] = (offset, count)
    return .tensor(.arena(offset))
  }

  /// Reserves memory after the plan's arena.
  mutating func reserveArena(_ count: Int) -> Int {
    defer { arenaCount += (count + 31) / 32 * 32 }
    return arenaCount
  }

  mutating func reserveScratch(_ count: Int) {
    if isAside {
      scratchCounts.aside = max(scratchCounts.aside, count)
    } else {
      scratchCounts.first = max(scratchCounts.first, count)
    }
  }

  /// Whether a scalar is needed as a tensor, and not only in the loss log.
  func isRead(_ scalar: TensorID) -> Bool {
    plan.outputs.contains(scalar)
      || plan.steps.contains { node in
        if case .record = node.op { return false }
        return node.inputs.contains(scalar)
      }
  }

  private mutating func finish(_ scalar: TensorID) {
    let (offset, count) = partials[scalar]!
    launch(
      "finish_sum", [.int(count), .tensor(.arena(offset)), tensor(scalar)], groups: 1)
  }
}
