import Graphs

extension LaunchList {
  mutating func sumOfAbsolutes(_ node: Node) {
    let count = shape(node.inputs[0]).count
    let groups = sizes.sumGroups(count)
    let partials = reservePartials(node.outputs[0], groups)
    launch("sum_of_absolutes", [.int(count), tensor(node.inputs[0]), partials], groups: groups)
  }

  mutating func sumOfAbsolutesGradient(_ node: Node) {
    let count = shape(node.outputs[0]).count
    guard count > 0 else { return }
    launch(
      "sum_of_absolutes_gradient", in: "sum_of_absolutes",
      [.int(count)] + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(count))
  }

  /// The column sums are at the end of the scratch that summing them needs.
  mutating func sparsity(_ op: Sparsity, _ node: Node) {
    let code = shape(node.inputs[0])
    let sums = columnSums(of: node.inputs[0], to: nil)
    launch(
      "sparsity",
      [
        .int(code.columns), .float(op.target), .float(1 / Double(code.rows)), .tensor(sums),
        tensor(node.outputs[0]), tensor(node.outputs[1]),
      ], groups: 1)
  }

  mutating func sparsityGradient(_ op: SparsityGradient, _ node: Node) {
    guard op.shape.count > 0 else { return }
    launch(
      "sparsity_gradient", in: "sparsity",
      [
        .int(op.shape.rows), .int(op.shape.columns), .float(op.target),
        .float(1 / Double(op.shape.rows)),
      ] + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: op.shape.rows, columns: op.shape.columns))
  }
}
