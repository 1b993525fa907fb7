import Graphs

extension LaunchList {
  mutating func unfold1D(_ op: Unfold1D, _ node: Node) {
    stepWindows("unfold1d", op.windows, of: shape(node.inputs[0]), node)
  }

  mutating func fold1D(_ op: Fold1D, _ node: Node) {
    stepWindows("fold1d", op.windows, of: shape(node.outputs[0]), node)
  }

  private mutating func stepWindows(
    _ kernel: String, _ windows: StepWindows, of sequences: Shape, _ node: Node
  ) {
    let result = shape(node.outputs[0])
    guard result.count > 0 else { return }
    launch(
      kernel, in: "unfold1d",
      sequences.dimensions.map(Argument.int) + [
        .int(windows.size), .int(windows.stride), .int(windows.offset), .int(windows.count),
      ] + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: result.rows, columns: result.columns))
  }
}
