import Graphs

extension LaunchList {
  mutating func concatenate(_ node: Node) {
    let (a, b) = (shape(node.inputs[0]), shape(node.inputs[1]))
    guard shape(node.outputs[0]).count > 0 else { return }
    launch(
      "concatenate",
      [.int(a.rows), .int(a.columns), .int(b.columns), .int(a.rows / b.rows)]
        + (node.inputs + node.outputs).map(tensor),
      groups: rowGroups(a, columns: a.columns + b.columns))
  }

  mutating func columns(_ op: Columns, _ node: Node) {
    let x = shape(node.inputs[0])
    guard shape(node.outputs[0]).count > 0 else { return }
    launch(
      "columns", in: "concatenate",
      [.int(x.rows), .int(x.columns), .int(op.range.lowerBound), .int(op.range.count)]
        + (node.inputs + node.outputs).map(tensor),
      groups: rowGroups(x, columns: op.range.count))
  }

  mutating func gatherLabels(_ op: GatherLabels, _ node: Node) {
    guard shape(node.outputs[0]).count > 0 else { return }
    launch(
      "gather_labels",
      defines: ["FEED=\(op.feed.rawValue)"] + (op.start == 0 ? [] : ["START=\(op.start)"]),
      [
        .int(op.batchSize), .int(op.classes), .int(op.stride), .buffer(place(node.inputs[0])),
        .buffer(place(node.inputs[1])), .buffer(.state), tensor(node.outputs[0]),
      ], groups: rowGroups(op.batchSize, op.classes))
  }

  /// For a matrix, the groups of divided rows, if rows are divided for `fuse`.
  private func rowGroups(_ shape: Shape, columns: Int) -> Int {
    shape.rank == 2
      ? rowGroups(shape.rows, columns) : sizes.cellGroups(rows: shape.rows, columns: columns)
  }
}
