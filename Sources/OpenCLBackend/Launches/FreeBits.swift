import Graphs

extension LaunchList {
  mutating func freeBits(_ op: FreeBits, _ node: Node) {
    let shape = shape(node.inputs[0])
    let groups = min(sizes.sumGroups(shape.count), (shape[1] + 15) / 16)
    let partials = reservePartials(node.outputs[0], max(groups, 1))
    launch(
      "free_bits",
      [
        .int(shape[0]), .int(shape[1]), .float(1 / Double(max(shape[0], 1))), .float(op.floor),
        .float(op.reduction.factor(of: shape) * Double(shape[0])),
      ] + node.inputs.map(tensor) + [tensor(node.outputs[1]), partials], groups: max(groups, 1))
  }

  mutating func freeBitsGradient(_ op: FreeBitsGradient, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    launch(
      "free_bits_gradient", in: "free_bits",
      [
        .int(shape[0]), .int(shape[1]), .float(op.floor),
        .float(op.reduction.factor(of: shape)),
      ] + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: shape[0], columns: shape[1]))
  }
}
