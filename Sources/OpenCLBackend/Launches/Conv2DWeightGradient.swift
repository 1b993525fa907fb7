import Graphs

extension LaunchList {
  mutating func conv2DWeightGradient(_ op: Conv2DWeightGradient, _ node: Node) {
    guard shape(node.outputs[0]).count > 0 else { return }
    switch sizes.style {
    case .fat: imageSums(op, node)
    case .thin: pixelSums(op, node)
    }
  }

  /// The kernels for CPU devices: each work-item sums over a part of the images.
  private mutating func imageSums(_ op: Conv2DWeightGradient, _ node: Node) {
    let (x, dy) = (shape(node.inputs[0]), shape(node.inputs[1]))
    let (size, stride) = (op.window.size, op.window.stride)
    let frame = (height: (dy[1] - 1) * stride + size, width: (dy[2] - 1) * stride + size)
    let tile = WeightTile(size: size, channels: x[3], outputs: dy[3])
    // At most one tile is read past a frame.
    let own = lines(frame.height * frame.width * x[3] + 16 * tile.rows + 32)
    let groups = max(min(x[0], 4 * sizes.computeUnits), 1)
    let sumCount = size * tile.rowEnd * tile.outputEnd
    let sumsEnd = lines(groups * sumCount)
    reserveScratch(sumsEnd + groups * own)
    append(
      .launch(
        Launch(
          file: "conv2d_weight_gradient",
          kernel: "conv2d_weight_gradient" + (tile.isNarrow ? "_narrow" : ""),
          defines: sizes.defines + ["ROWS=\(tile.rows)", "KROWS=\(tile.windowRows)"],
          arguments: x.dimensions.map(Argument.int) + [
            .int(frame.height), .int(frame.width), .int(op.window.offset(over: x[1])),
            .int(op.window.offset(over: x[2])), .int(size), .int(stride), .int(dy[1]),
            .int(dy[2]), .int(dy[3]), .int(tile.rowEnd), .int(tile.outputEnd), .int(own),
            tensor(node.inputs[0]), tensor(node.inputs[1]), .tensor(.scratch(0)),
            .tensor(.scratch(sumsEnd)),
          ], groups: [groups], local: [1])))
    finish(
      op, node, shares: groups, size: sumCount, segment: size * x[3], rowEnd: tile.rowEnd,
      outputEnd: tile.outputEnd, isNarrow: tile.isNarrow)
  }

  /// The kernel for GPUs: squares of the result, each over a part of the pixels.
  private mutating func pixelSums(_ op: Conv2DWeightGradient, _ node: Node) {
    let (x, dy, dw) = (
      shape(node.inputs[0]), shape(node.inputs[1]), shape(node.outputs[0])
    )
    let (tile, groups) = sizes.squares(dw.rows, dw.columns)
    // Four groups per compute unit, each with at least 256 pixels.
    let wanted = 4 * sizes.computeUnits / groups.reduce(1, *)
    let shares = max(min(wanted, dy.rows / 256), 1)
    reserveScratch(shares * dw.count)
    append(
      .launch(
        Launch(
          file: "conv2d_weight_gradient", kernel: "conv2d_weight_gradient",
          defines: sizes.defines + ["TILE=\(tile)"],
          arguments: x.dimensions.map(Argument.int) + [
            .int(op.window.size), .int(op.window.stride), .int(op.window.offset(over: x[1])),
            .int(op.window.offset(over: x[2])), .int(dy[1]), .int(dy[2]), .int(dy[3]),
            tensor(node.inputs[0]), tensor(node.inputs[1]), .tensor(.scratch(0)),
          ], groups: groups + [shares], local: [16, 16, 1])))
    finish(
      op, node, shares: shares, size: dw.count, segment: dw.rows, rowEnd: dw.rows,
      outputEnd: dw.columns, isNarrow: false)
  }

  /// Adds up the parts in scratch, and applies the epilogue.
  private mutating func finish(
    _ op: Conv2DWeightGradient, _ node: Node, shares: Int, size: Int, segment: Int, rowEnd: Int,
    outputEnd: Int, isNarrow: Bool
  ) {
    let dw = shape(node.outputs[0])
    launch(
      "conv2d_weight_gradient_finish",
      defines: defines(op.epilogue) + ["NARROW=\(isNarrow ? 1 : 0)"],
      [
        .int(shares), .int(size), .int(dw.rows), .int(segment), .int(rowEnd), .int(outputEnd),
        .int(dw.columns), .tensor(.scratch(0)), tensor(node.outputs[0]),
      ] + epilogueOperands(op, node),
      groups: sizes.cellGroups(rows: dw.rows, columns: dw.columns))
  }
}

/// The register tile of a work-item in `conv2d_weight_gradient.cl`.
private struct WeightTile {
  /// Whether it has vectors of a window's row for one output, and not vectors of outputs.
  let isNarrow: Bool
  /// Elements, or vectors, of a window's row.
  let rows: Int
  /// Rows of the window.
  let windowRows: Int
  /// Elements of a row, in whole tiles; likewise for outputs.
  let rowEnd: Int
  let outputEnd: Int

  init(size: Int, channels: Int, outputs: Int) {
    func wholes(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
    let segment = size * channels
    let vectors = (segment - 1) / 16 + 1
    isNarrow = outputs * vectors < segment * ((outputs - 1) / 16 + 1)
    if isNarrow {
      rows = min(vectors, 8)
      windowRows = size * rows <= 20 ? size : 1
      rowEnd = wholes(segment, 16 * rows)
      outputEnd = outputs
    } else {
      // As for a product, but a window's row is short if there are few channels.
      rows =
        [14, 12, 8].filter { $0 <= segment }
        .min { wholes(segment, $0) < wholes(segment, $1) } ?? segment
      windowRows = size * rows <= 14 ? size : 1
      rowEnd = wholes(segment, rows)
      outputEnd = wholes(outputs, 16)
    }
  }
}
