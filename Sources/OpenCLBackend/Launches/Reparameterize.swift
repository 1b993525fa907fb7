import Graphs

extension LaunchList {
  mutating func reparameterize(_ op: Reparameterize, _ node: Node) {
    let shape = shape(node.outputs[0])
    let (rows, columns) = (shape[0], shape.count / max(shape[0], 1))
    let groups = rowGroups(rows, columns)
    let partials = reservePartials(node.outputs[1], groups)
    launch(
      "reparameterize",
      [.int(rows), .int(columns), .float(op.reduction.factor(of: shape))]
        + node.inputs.map(tensor) + [tensor(node.outputs[0]), partials], groups: groups)
  }

  mutating func shapedPrior(_ op: ShapedPrior, _ node: Node) {
    let rows = shape(node.outputs[0])[0]
    guard rows > 0 else { return }
    launch(
      "shaped_prior", defines: ["SWISS_ROLL=\(op.shape == .swissRoll ? 1 : 0)"],
      [.int(rows)] + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(rows))
  }

  mutating func reparameterizeGradient(_ op: ReparameterizeGradient, _ node: Node) {
    let shape = shape(node.outputs[0])
    guard shape.count > 0 else { return }
    let (rows, columns) = (shape[0], shape.count / shape[0])
    launch(
      "reparameterize_gradient", in: "reparameterize",
      [.int(rows), .int(columns), .float(op.reduction.factor(of: shape))]
        + (node.inputs + node.outputs).map(tensor), groups: rowGroups(rows, columns))
  }
}
