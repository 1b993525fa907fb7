import Graphs

extension LaunchList {
  mutating func normal(_ op: Normal, _ node: Node) {
    guard op.shape.count > 0 else { return }
    let draw = draw(op.stream, op.feed, op.numbering, op.shape)
    launch(
      "normal", defines: draw.defines, [tensor(node.outputs[0])] + draw.arguments,
      groups: draw.groups)
  }

  mutating func dropout(_ op: Dropout, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    let draw = draw(op.stream, op.feed, op.numbering, shape)
    launch(
      "dropout", defines: draw.defines,
      [
        .word(op.threshold), .float(op.scale), tensor(node.inputs[0]), tensor(node.outputs[0]),
      ] + draw.arguments, groups: draw.groups)
  }

  /// The defines and arguments of `draw.cl`, and the number of work-groups.
  private func draw(
    _ stream: UInt32, _ feed: Feed, _ numbering: Numbering, _ shape: Shape
  ) -> (defines: [String], arguments: [Argument], groups: Int) {
    let (rows, columns) = numbering.matrix(shape)
    let first = numbering.firstElement
    let blocks = (first % 4 + columns + 3) / 4
    let seed: [Argument] = [
      .word(UInt32(truncatingIfNeeded: layout.seed)),
      .word(UInt32(truncatingIfNeeded: layout.seed >> 32)), .word(stream), .buffer(.state),
    ]
    let isCut = sharesOfRows(rows) != nil
    let (number, sizes): (Int, [Argument]) =
      switch numbering {
      case .step where isCut, .elements where isCut:
        (4, [.int(shape[0]), .int(shape.count / shape[0])])
      case .step, .elements: (0, [.int(columns)])
      case .example(let stride): (1, [.int(rows), .int(columns), .int(stride), .int(1)])
      case .sample: (2, [.int(rows), .int(columns), .int(1), .int(1)])
      case .draws(let count, let stride):
        (3, [.int(rows), .int(columns), .int(stride), .int(count)])
      }
    return (
      ["FEED=\(feed.rawValue)", "NUMBERED=\(number)"] + (first == 0 ? [] : ["FIRST=\(first)"]),
      sizes + seed,
      number == 0
        ? self.sizes.flatGroups(blocks) : rowGroups(number == 4 ? shape[0] : rows, blocks)
    )
  }

  mutating func noise(_ op: Noise, _ node: Node) {
    elementwise(
      "noise", defines: ["CLIPPED=\(op.range == nil ? 0 : 1)"],
      [
        .float(op.mean), .float(op.deviation), .float(op.range?.lowerBound ?? 0),
        .float(op.range?.upperBound ?? 0),
      ], of: node.inputs, to: node.outputs[0])
  }

  mutating func noiseGradient(_ op: NoiseGradient, _ node: Node) {
    elementwise(
      "noise_gradient", in: "noise",
      [.float(op.range.lowerBound), .float(op.range.upperBound)], of: node.inputs,
      to: node.outputs[0])
  }
}
