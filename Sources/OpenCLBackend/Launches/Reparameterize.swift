import Graphs

extension LaunchList {
  mutating func reparameterize(_ op: Reparameterize, _ node: Node) {
    let shape = shape(node.outputs[0])
    let groups = sizes.sumGroups(shape.count)
    let partials = reservePartials(node.outputs[1], groups)
    launch(
      "reparameterize",
      [.int(shape.count), .float(op.reduction.factor(of: shape))] + node.inputs.map(tensor)
        + [tensor(node.outputs[0]), partials], groups: groups)
  }

  mutating func reparameterizeGradient(_ op: ReparameterizeGradient, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    launch(
      "reparameterize_gradient", in: "reparameterize",
      [.int(shape.count), .float(op.reduction.factor(of: shape))]
        + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(shape.count))
  }
}
