import Graphs

extension LaunchList {
  mutating func gather(_ op: Gather, _ node: Node) {
    let y = shape(node.outputs[0])
    guard y.count > 0 else { return }
    let columns = y.count / op.batchSize
    let examples = plan.graph[node.inputs[0]].type
    let rowSize = examples.shape.count / max(examples.shape[0], 1)
    launch(
      "gather",
      defines: examples.elementType.defines + ["FEED=\(op.feed.rawValue)"]
        + defines(op.normalization) + (op.part == .values ? [] : ["PART=\(op.part.number)"])
        + (op.start == 0 ? [] : ["START=\(op.start)"])
        + (op.window == nil ? [] : ["ROW_SIZE=\(rowSize)"]),
      [
        .int(op.batchSize), .int(columns), .int(op.stride), .float(op.scale),
        .buffer(place(node.inputs[0])), .buffer(place(node.inputs[1])), .buffer(.state),
      ] + operands(op.normalization, node, from: 2) + [tensor(node.outputs[0])],
      groups: rowGroups(op.batchSize, columns))
  }

  mutating func denormalize(_ op: Denormalize, _ node: Node) {
    let y = shape(node.outputs[0])
    guard y.count > 0 else { return }
    let columns = y.count / y[0]
    launch(
      "denormalize", defines: defines(op.normalization),
      [.int(y[0]), .int(columns), tensor(node.inputs[0])]
        + operands(op.normalization, node, from: 1) + [tensor(node.outputs[0])],
      groups: sizes.cellGroups(rows: y[0], columns: columns))
  }

  private func defines(_ normalization: Normalization) -> [String] {
    ["SHIFT=\(normalization.shift ? 1 : 0)", "FACTOR=\(normalization.factor ? 1 : 0)"]
  }

  /// Shift and factor; if there are none, the op's own result, which is not read.
  private func operands(
    _ normalization: Normalization, _ node: Node, from index: Int
  ) -> [Argument] {
    let factor = index + (normalization.shift ? 1 : 0)
    return [
      tensor(normalization.shift ? node.inputs[index] : node.outputs[0]),
      tensor(normalization.factor ? node.inputs[factor] : node.outputs[0]),
    ]
  }
}

extension ElementType {
  /// The type of examples in `gather.cl`.
  fileprivate var defines: [String] {
    switch self {
    case .uint8: ["EXAMPLE=uchar"]
    case .float32: ["EXAMPLE=float"]
    case .float16: ["EXAMPLE=half", "HALF=1"]
    case .bfloat16: ["EXAMPLE=ushort", "HALF=2"]
    case .int32: preconditionFailure("examples are not integers")
    }
  }
}

extension Gather.Part {
  /// Its number in `gather.cl`.
  fileprivate var number: Int {
    switch self {
    case .values: 0
    case .filled: 1
    case .presence: 2
    }
  }
}
