import Graphs

/// A sum over windows as in `conv2d.cl`: a convolution, or the gradient with respect to its images,
/// which is a convolution whose windows have as many phases as the stride.
private struct WindowSum {
  /// `[N, height, width, L]`
  let source: Shape
  let result: Shape
  /// The number of window rows and columns that contribute to a result of one phase.
  let taps: Int
  let phases: Int
  /// The distance in frame pixels between the windows of two neighbours of one phase.
  let step: Int
  /// Added to a result's row and column to find its phase and its window.
  let shift: (top: Int, left: Int)
  let frame: (height: Int, width: Int)
  /// The position of an image in its frame.
  let origin: (top: Int, left: Int)
  /// p: the padding above and left of the images of the convolution.
  let padding: (top: Int, left: Int)

  init(_ window: Window, images x: Shape, results y: Shape) {
    (source, result) = (x, y)
    (taps, phases, step) = (window.size, 1, window.stride)
    shift = (0, 0)
    padding = (window.offset(over: x[1]), window.offset(over: x[2]))
    origin = padding
    frame = (
      (y[1] - 1) * window.stride + window.size, (y[2] - 1) * window.stride + window.size
    )
  }

  init(gradientOf window: Window, by x: Shape, results y: Shape) {
    (source, result) = (y, x)
    taps = (window.size + window.stride - 1) / window.stride
    (phases, step) = (window.stride, 1)
    padding = (window.offset(over: x[1]), window.offset(over: x[2]))
    shift = padding
    origin = (taps - 1, taps - 1)
    frame = (
      (x[1] - 1 + shift.top) / window.stride + taps,
      (x[2] - 1 + shift.left) / window.stride + taps
    )
  }

  var channels: Int { source[3] }
  var columns: Int { result[3] }
  /// Elements of a window's row, which are contiguous.
  var segment: Int { taps * channels }
  var segmentVectors: Int { (segment - 1) / 16 + 1 }

  /// The number of results in each phase.
  var phaseCounts: [Int] {
    func counts(_ length: Int, _ shift: Int) -> [Int] {
      (0..<phases).map { phase in
        (0..<length).count { ($0 + shift) % phases == phase }
      }
    }
    let across = counts(result[2], shift.left)
    return counts(result[1], shift.top).flatMap { lines in across.map { lines * $0 } }
  }

  /// Whether vectors over the source's channels waste less than vectors over the result's.
  var isNarrow: Bool {
    columns * (taps * segmentVectors + 5) < taps * segment * ((columns - 1) / 16 + 1)
  }

  /// The number of results per tile: few results should be computed twice at the end of a phase,
  /// but many should share the weights that are read, within the registers.
  var tileRows: Int {
    if isNarrow { return 8 }
    func cost(_ rows: Int) -> Int {
      phaseCounts.map { ($0 + rows - 1) / rows * (rows + 1) }.reduce(0, +)
    }
    return [14, 12, 10, 8, 7, 4, 2, 1].min { cost($0) < cost($1) }!
  }

  func tableCount(_ rows: Int) -> Int {
    phaseCounts.map { ($0 + rows - 1) / rows * rows }.reduce(0, +)
  }
}

extension LaunchList {
  mutating func conv2D(_ op: Conv2D, _ node: Node) {
    let (x, y) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard y.count > 0 else { return }
    windowSum(WindowSum(op.window, images: x, results: y), op, op.window, node)
  }

  mutating func conv2DInputGradient(_ op: Conv2DInputGradient, _ node: Node) {
    let (dy, dx) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard dx.count > 0 else { return }
    windowSum(WindowSum(gradientOf: op.window, by: dx, results: dy), op, op.window, node)
  }

  private mutating func windowSum(
    _ sum: WindowSum, _ op: some EpilogueOperation, _ window: Window, _ node: Node
  ) {
    switch sizes.style {
    case .fat: windowTiles(sum, op, window, node)
    case .thin: windowBlocks(sum, op, window, node)
    }
  }

  /// The kernels for CPU devices.
  private mutating func windowTiles(
    _ sum: WindowSum, _ op: some EpilogueOperation, _ window: Window, _ node: Node
  ) {
    let rows = sum.tileRows
    // Whole cache lines for each work-item: table, frame, and a vector that is read past the end.
    let tableCount = sum.tableCount(rows)
    let frameCount = sum.frame.height * sum.frame.width * sum.channels
    let own = lines(2 * tableCount + frameCount + 32)
    let groups = min(sum.source[0], 4 * sizes.computeUnits)
    let packedCount = lines(pack(sum, window, node))
    reserveScratch(packedCount + groups * own)
    let weights: Argument =
      packedCount == 0 ? tensor(node.inputs[1]) : .tensor(.scratch(0))
    let kernel = sum.isNarrow ? "conv2d_narrow" : "conv2d_tiles"
    append(
      .launch(
        Launch(
          file: kernel, kernel: kernel,
          defines: sizes.defines + defines(op.epilogue) + ["ROWS=\(rows)"]
            + (sum.isNarrow ? [] : panelDefines(columns: sum.columns)),
          arguments: sum.source.dimensions.map(Argument.int) + [
            .int(sum.frame.height), .int(sum.frame.width), .int(sum.origin.top),
            .int(sum.origin.left), .int(sum.taps), .int(sum.step), .int(sum.phases),
            .int(sum.shift.top), .int(sum.shift.left), .int(sum.result[1]), .int(sum.result[2]),
            .int(sum.columns), .int(tableCount), .int(own), tensor(node.inputs[0]), weights,
            tensor(node.outputs[0]), .tensor(.scratch(packedCount)),
          ] + epilogueOperands(op, node),
          groups: [groups], local: [1])))
  }

  /// Reorders weights into the order of reading, at the start of scratch.
  /// - Returns: their number, 0 if they are read in their own memory.
  private mutating func pack(_ sum: WindowSum, _ window: Window, _ node: Node) -> Int {
    let w = shape(node.inputs[1])
    let isGradient = node.isInputGradient
    guard isGradient || sum.isNarrow else { return 0 }
    let rowEnd = sum.isNarrow ? 16 * sum.segmentVectors : sum.segment
    let rowCount = sum.taps * rowEnd
    let phaseSize = rowCount * sum.columns
    let phaseCount = sum.phases * sum.phases
    launch(
      "conv2d_pack", defines: ["FLIPPED=\(isGradient ? 1 : 0)"],
      [
        .int(window.size), .int(sum.channels), .int(sum.columns), .int(sum.phases),
        .int(sum.taps), tensor(node.inputs[1]), .int(w[2] * w[3]), .int(isGradient ? 1 : w[3]),
        .int(isGradient ? w[3] : 1), .tensor(.scratch(0)), .int(phaseSize),
        .int(sum.isNarrow ? rowEnd : rowEnd * sum.columns), .int(rowEnd),
        .int(sum.isNarrow ? 1 : sum.columns), .int(sum.isNarrow ? rowCount : 1),
      ], groups: sizes.cellGroups(rows: phaseCount * sum.taps, columns: rowEnd * sum.columns))
    return phaseCount * phaseSize
  }

  /// The kernel for GPUs, in blocks that are not wider than needed for the columns.
  private mutating func windowBlocks(
    _ sum: WindowSum, _ op: some EpilogueOperation, _ window: Window, _ node: Node
  ) {
    let phases = sum.phases * sum.phases
    let rows = sum.phaseCounts.max()! * sum.source[0]
    let (block, groups) = sizes.windowBlock(rows: rows, columns: sum.columns, phases: phases)
    append(
      .launch(
        Launch(
          file: "conv2d", kernel: "conv2d",
          defines: sizes.defines + defines(op.epilogue) + [
            "TILE_M=\(block.rows)", "TILE_N=\(block.columns)",
            "GRADIENT=\(node.isInputGradient ? 1 : 0)",
          ],
          arguments: sum.source.dimensions.map(Argument.int) + [
            .int(window.size), .int(window.stride), .int(sum.taps), .int(sum.padding.top),
            .int(sum.padding.left), .int(sum.result[1]), .int(sum.result[2]), .int(sum.columns),
            tensor(node.inputs[0]), tensor(node.inputs[1]), tensor(node.outputs[0]),
          ] + epilogueOperands(op, node), groups: groups, local: [16, 16, 1])))
  }

  /// A number of elements, rounded up to whole cache lines.
  func lines(_ count: Int) -> Int { (count + 31) / 32 * 32 }
}

extension Node {
  fileprivate var isInputGradient: Bool {
    if case .conv2DInputGradient = op { true } else { false }
  }
}
