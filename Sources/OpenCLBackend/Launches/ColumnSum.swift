import Graphs

extension LaunchList {
  mutating func columnSum(_ node: Node) {
    let x = shape(node.inputs[0])
    guard x.columns > 0 else { return }
    let columns = sizes.style == .fat ? 64 : 32
    append(
      .launch(
        Launch(
          file: "column_sum", kernel: "column_sum", defines: sizes.defines,
          arguments: [
            .int(x.rows), .int(x.columns), tensor(node.inputs[0]), tensor(node.outputs[0]),
          ],
          groups: sizes.style == .fat
            ? [(x.columns - 1) / columns + 1] : [(x.columns - 1) / columns + 1, 1],
          local: sizes.style == .fat ? [1] : [32, 8])))
  }
}
