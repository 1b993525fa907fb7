import Graphs

extension LaunchList {
  mutating func discrepancy(_ op: Discrepancy, _ node: Node) {
    let (rows, columns) = (shape(node.inputs[0])[0], shape(node.inputs[0])[1])
    let points = transpose(node.inputs, rows, columns, more: 0)
    let groups = min(sizes.groupsOfRows(2 * rows), 256)
    let partials = reservePartials(node.outputs[0], groups)
    launch(
      "discrepancy", defines: op.kernel.defines,
      comparison(rows, columns) + points.places + [partials], groups: groups)
  }

  /// Computes the weight of each pair, in scratch after the points, and then the sums over them.
  mutating func discrepancyGradient(_ op: DiscrepancyGradient, _ node: Node) {
    let (rows, columns) = (shape(node.outputs[0])[0], shape(node.outputs[0])[1])
    guard rows * columns > 0 else { return }
    let points = transpose(Array(node.inputs[0..<2]), rows, columns, more: 2 * rows * rows)
    let weights = Argument.tensor(.scratch(points.end))
    launch(
      "discrepancy_weights", in: "discrepancy", defines: op.kernel.defines,
      comparison(rows, columns) + points.places + [weights],
      groups: sizes.cellGroups(rows: rows, columns: rows))
    launch(
      "discrepancy_gradient", in: "discrepancy", defines: op.kernel.defines,
      [.int(rows), .int(columns), weights] + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: rows, columns: columns * max(rows / 8, 1)))
  }

  private func comparison(_ rows: Int, _ columns: Int) -> [Argument] {
    [
      .int(rows), .int(columns), .float(Discrepancy.weightWithin(rows: rows)),
      .float(Discrepancy.weightBetween(rows: rows)),
    ]
  }

  /// Both batches, transposed into scratch, which has space for further data after them.
  private mutating func transpose(
    _ batches: [TensorID], _ rows: Int, _ columns: Int, more: Int
  ) -> (places: [Argument], end: Int) {
    let size = lines(rows * columns)
    reserveScratch(2 * size + more)
    let places = [Argument.tensor(.scratch(0)), .tensor(.scratch(size))]
    for (batch, place) in zip(batches, places) where rows * columns > 0 {
      launch(
        "transpose", [.int(rows), .int(columns), tensor(batch), place],
        groups: sizes.cellGroups(rows: columns, columns: rows))
    }
    return (places, 2 * size)
  }
}

extension DiscrepancyKernel {
  /// The defines of `discrepancy.cl`.
  fileprivate var defines: [String] {
    self == .gaussian ? ["GAUSSIAN=1"] : ["GAUSSIAN=0"]
  }
}
