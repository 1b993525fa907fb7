import Graphs

extension LaunchList {
  mutating func importanceSample(_ op: ImportanceSample, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    launch(
      "importance_sample",
      [.int(shape[0]), .int(shape[1]), .int(op.drawCount)]
        + (node.inputs + node.outputs).map(tensor), groups: sizes.groupsOfRows(shape[0]))
  }

  mutating func importanceSampleGradient(_ op: ImportanceSampleGradient, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    launch(
      "importance_sample_gradient", in: "importance_sample",
      [.int(shape[0]), .int(shape[1]), .int(op.drawCount)]
        + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: shape[0], columns: shape[1]))
  }

  mutating func importanceBound(_ op: ImportanceBound, _ node: Node) {
    let weights = shape(node.inputs[0])
    let examples = weights[0] / op.drawCount
    let groups = sizes.sumGroups(examples)
    let partials = reservePartials(node.outputs[0], groups)
    launch(
      "importance_bound",
      [
        .int(examples), .int(op.drawCount), .float(op.factor(of: weights)), tensor(node.inputs[0]),
        partials,
      ], groups: groups)
  }

  mutating func importanceBoundGradient(_ op: ImportanceBoundGradient, _ node: Node) {
    let weights = shape(node.inputs[0])
    guard weights.count > 0 else { return }
    let examples = weights[0] / op.bound.drawCount
    launch(
      "importance_bound_gradient", in: "importance_bound",
      [.int(examples), .int(op.bound.drawCount), .float(op.bound.factor(of: weights))]
        + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(examples))
  }
}
