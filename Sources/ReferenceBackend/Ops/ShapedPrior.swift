import Graphs

extension ReferenceExecutable {
  func shapedPrior(_ op: ShapedPrior, _ node: Node) {
    let z = value(node.inputs[0])
    set(
      node.outputs[0],
      stride(from: 0, to: z.count, by: 4).flatMap { row -> [Double] in
        let point = op.shape.point(z[row], z[row + 1], z[row + 2], z[row + 3])
        return [point.x, point.y]
      })
  }
}
