import Graphs
import Plans

/// Turns a plan's steps into launches: values still, so that memory is sized before any of it is
/// made.
struct LaunchList {
  let plan: Plan
  let sizes: WorkSizes
  let layout: StoreLayout
  private let table: ProductTable
  /// The plan's matrix products that have elements, by their results.
  private(set) var products: [TensorID: ProductShape] = [:]
  private(set) var instructions: [Instruction] = []
  /// Which steps each instruction is of, and which kernels it runs.
  private(set) var labels: [Label] = []
  /// Partial sums of the scalars that kernels compute: the first element behind the plan's arena,
  /// and how many.
  private(set) var partials: [TensorID: (offset: Int, count: Int)] = [:]
  /// Bias gradients that come with a weight gradient, by that.
  private(set) var columnSumsBeside: [TensorID: TensorID] = [:]
  /// Gradients of activations that come with the gradient of the loss behind them, by that.
  private(set) var activationsBeside: [TensorID: (of: Activation, result: TensorID)] = [:]
  /// Losses that come with the product that they judge, by its result.
  private(set) var lossesBeside: [TensorID: Node] = [:]
  /// Elements of the arena with the partial sums.
  private(set) var arenaCount: Int
  /// How rows are cut for `fuse`, where they are.
  let cut: RowCut?
  /// Which steps compute rows from rows, where those are cut, and which products they are.
  let rowUses: [Int: RowUse]
  private var cutProducts: Set<ProductShape> = []
  /// Steps whose instructions go into the second queue.
  let stepsAside: Set<Int>
  /// Elements of the largest scratch that a step of each queue uses; all of a queue share it, as
  /// they run one by one.
  private(set) var scratchCounts = (first: 0, aside: 0)
  /// Whether what is appended goes into the second queue.
  private var isAside = false
  /// Whether the step that is appended computes rows from rows that are cut.
  private var isCut = false
  /// Partial sums of the gradients' squares, which `record` leaves for an update that clips by
  /// norm.
  var squares: (offset: Int, count: Int)?

  /// - Parameters:
  ///   - stepsAside: which steps go into the second queue.
  ///   - cut: how rows are cut for `fuse`, if they are.
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

  /// What an instruction is made of.
  struct Label {
    let steps: [Int]
    let kernels: [String]

    /// The first step, whose queue it goes into.
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
    case .reshape: break
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
    case .record(let op): record(op, node)
    case .updateStatistics(let op): updateStatistics(op, node)
    case .update(let op): update(op)
    }
    for output in node.outputs where partials[output] != nil && isRead(output) { finish(output) }
  }

  /// Column sums ride on a product where its candidate carries them.
  private mutating func findProducts() {
    let sums = plan.columnSumsBesideProducts
    for (step, shape) in plan.products where shape.m * shape.n > 0 {
      let result = plan.steps[step].outputs[0]
      if rowUses[step] != nil { cutProducts.insert(shape) }
      if candidate(shape).carriesColumnSums { columnSumsBeside[result] = sums[result] }
      products[result] = shape
    }
  }

  /// What computes a product of this shape.
  func candidate(_ shape: ProductShape) -> ProductCandidate {
    rowPanel(shape).map(ProductCandidate.panel) ?? table.candidate(shape, sizes)
  }

  /// The panel of a product that is cut by rows, for `fuse`.
  func rowPanel(_ shape: ProductShape) -> ProductCandidate.Panel? {
    guard let cut, cutProducts.contains(shape), shape.k > 0 else { return nil }
    return sizes.rowPanel(shape, shares: sizes.shares(of: shape.m, cut))
  }

  /// What own kernels are built from.
  var programs: [ProgramKey] {
    instructions.compactMap {
      if case .launch(let launch) = $0 { launch.program } else { nil }
    }
  }

  mutating func append(_ instruction: Instruction) { instructions.append(instruction) }

  /// For `fuse`, which puts others in their place.
  mutating func removeInstructions() { (instructions, labels) = ([], []) }

  mutating func append(_ instruction: Instruction, _ label: Label) {
    instructions.append(instruction)
    labels.append(label)
  }

  /// A launch of flat work-groups.
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

  /// Work-groups of a kernel that computes rows from the same rows: those of `rowPanel`, where
  /// they are cut for `fuse`.
  func rowGroups(_ rows: Int, _ columns: Int) -> Int {
    sharesOfRows(rows) ?? sizes.cellGroups(rows: rows, columns: columns)
  }

  /// Into how many shares the rows of the step that is appended are cut, if they are.
  func sharesOfRows(_ rows: Int) -> Int? {
    isCut ? cut.map { sizes.shares(of: rows, $0) } : nil
  }

  /// A launch of a kernel that computes the elements of `y` from the same elements of `x`, and of
  /// tensors like it. It is given how many there are, `numbers`, `x` and `y`.
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
    case nil: preconditionFailure("\(id) has no place in \(plan.name)")
    }
  }

  /// What the launch of a step reads and writes: the step's own tensors, and those of what rides on
  /// it.
  func tensors(of step: Node) -> (read: [TensorID], written: [TensorID]) {
    let loss = step.outputs.first.flatMap { lossesBeside[$0] }
    let results = step.outputs + (loss?.outputs ?? [])
    let beside = results.compactMap { columnSumsBeside[$0] ?? activationsBeside[$0]?.result }
    return (step.inputs + (loss?.inputs ?? []), results + beside)
  }

  func tensor(_ id: TensorID) -> Argument { .tensor(place(id)) }

  /// Room for a scalar's partial sums, one a work-group.
  mutating func reservePartials(_ scalar: TensorID, _ count: Int) -> Argument {
    let offset = reserveArena(count)
    partials[scalar] = (offset, count)
    return .tensor(.arena(offset))
  }

  /// Room behind the plan's arena.
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

  /// Whether a scalar is wanted as such, and not only in the loss log.
  private func isRead(_ scalar: TensorID) -> Bool {
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
