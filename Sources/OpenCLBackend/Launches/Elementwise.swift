import Graphs

extension LaunchList {
  mutating func activate(_ op: Activate, _ node: Node) {
    elementwise(
      "activate", defines: ["ACTIVATION=\(op.activation.number)"], of: node.inputs,
      to: node.outputs[0])
  }

  mutating func activateGradient(_ op: ActivateGradient, _ node: Node) {
    guard activationsBeside[node.inputs[0]] == nil else { return }
    elementwise(
      "activate_gradient", in: "activate", defines: ["DERIVATIVE=\(op.activation.number)"],
      of: node.inputs, to: node.outputs[0])
  }

  mutating func add(_ node: Node) { elementwise("add", of: node.inputs, to: node.outputs[0]) }

  mutating func scale(_ op: Scale, _ node: Node) {
    let count = shape(node.outputs[0]).count
    guard count > 0 else { return }
    launch(
      "scale",
      [
        .int(count), .float(op.factor), tensor(node.inputs[0]), tensor(node.inputs[1]),
        tensor(node.outputs[0]),
      ], groups: sizes.flatGroups(count))
  }

  mutating func addBias(_ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    launch(
      "bias",
      [
        .int(shape.rows), .int(shape.columns), tensor(node.inputs[0]), tensor(node.inputs[1]),
        tensor(node.outputs[0]),
      ], groups: sizes.cellGroups(rows: shape.rows, columns: shape.columns))
  }
}
