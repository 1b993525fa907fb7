import Graphs

extension LaunchList {
  mutating func gather(_ op: Gather, _ node: Node) {
    let y = shape(node.outputs[0])
    guard y.count > 0 else { return }
    let columns = y.count / op.batchSize
    let isBytes = plan.graph[node.inputs[0]].type.elementType == .uint8
    launch(
      "gather",
      defines: ["EXAMPLE=\(isBytes ? "uchar" : "float")", "FEED=\(op.feed.rawValue)"],
      [
        .int(op.batchSize), .int(columns), .int(op.stride), .float(op.scale),
        .buffer(place(node.inputs[0])), .buffer(place(node.inputs[1])), .buffer(.state),
        tensor(node.outputs[0]),
      ], groups: sizes.cellGroups(rows: op.batchSize, columns: columns))
  }

  mutating func normal(_ op: Normal, _ node: Node) {
    let count = op.shape.count
    guard count > 0 else { return }
    launch(
      "normal", defines: ["FEED=\(op.feed.rawValue)"],
      [
        .int(count), .word(UInt32(truncatingIfNeeded: layout.seed)),
        .word(UInt32(truncatingIfNeeded: layout.seed >> 32)), .word(op.stream), .buffer(.state),
        tensor(node.outputs[0]),
      ], groups: sizes.flatGroups((count + 3) / 4))
  }
}
