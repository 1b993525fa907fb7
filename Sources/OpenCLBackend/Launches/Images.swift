import Graphs

extension LaunchList {
  mutating func pool2D(_ op: Pool2D, _ node: Node) {
    let (x, y) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard y.count > 0 else { return }
    launch(
      "pool2d", defines: ["AVERAGE=\(op.pooling == .average ? 1 : 0)"],
      windows(op.window, over: x, y) + (node.inputs + node.outputs).map(tensor),
      groups: pixelGroups(y))
  }

  mutating func pool2DGradient(_ op: Pool2DGradient, _ node: Node) {
    let (dy, dx) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard dx.count > 0 else { return }
    let size = op.window.size
    let coversAll = op.window.padding == .same || (dx[1] % size == 0 && dx[2] % size == 0)
    let isApart = op.pooling == .maximum && op.window.stride == size && coversAll
    // An average does not read x, so the result is passed instead.
    launch(
      isApart ? "pool2d_gradient_apart" : "pool2d_gradient", in: "pool2d",
      defines: ["AVERAGE=\(op.pooling == .average ? 1 : 0)"],
      windows(op.window, over: dx, dy) + [
        tensor(node.inputs[0]), tensor(op.pooling == .maximum ? node.inputs[1] : node.outputs[0]),
        tensor(node.outputs[0]),
      ], groups: pixelGroups(isApart ? dy : dx))
  }

  private func windows(_ window: Window, over x: Shape, _ y: Shape) -> [Argument] {
    x.dimensions.map(Argument.int) + [
      .int(y[1]), .int(y[2]), .int(window.size), .int(window.stride),
      .int(window.offset(over: x[1])), .int(window.offset(over: x[2])),
    ]
  }

  mutating func upsample2D(_ op: Upsample2D, _ node: Node) {
    let (x, y) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard y.count > 0 else { return }
    launch(
      "upsample2d", defines: defines(op.factor, op.interpolation),
      x.dimensions.map(Argument.int) + (node.inputs + node.outputs).map(tensor),
      groups: pixelGroups(y))
  }

  mutating func upsample2DGradient(_ op: Upsample2DGradient, _ node: Node) {
    let dx = shape(node.outputs[0])
    guard dx.count > 0 else { return }
    launch(
      "upsample2d_gradient", in: "upsample2d", defines: defines(op.factor, op.interpolation),
      dx.dimensions.map(Argument.int) + (node.inputs + node.outputs).map(tensor),
      groups: pixelGroups(dx))
  }

  mutating func upsampleWindow(_ op: UpsampleWindow, _ node: Node) {
    let (w, v) = (shape(node.inputs[0]), shape(node.outputs[0]))
    guard v.count > 0 else { return }
    launch(
      "upsample_window", defines: ["FACTOR=\(op.factor)"],
      [
        .int(w[0]), .int(v[0]), .int(min(w[0], v[0]) - 1), .int(w[2]), .int(w[3]),
        tensor(node.inputs[0]), tensor(node.outputs[0]),
      ], groups: sizes.cellGroups(rows: v.rows, columns: v.columns))
  }

  private func defines(_ factor: Int, _ interpolation: Interpolation) -> [String] {
    ["FACTOR=\(factor)", "BILINEAR=\(interpolation == .bilinear ? 1 : 0)"]
  }

  /// Work-groups for images whose rows are divided.
  private func pixelGroups(_ images: Shape) -> Int {
    switch sizes.style {
    case .fat: min(sizes.flatGroups(images.rows * max(images[3], 16)), images[0] * images[1])
    case .thin: sizes.flatGroups(images.count)
    }
  }
}
