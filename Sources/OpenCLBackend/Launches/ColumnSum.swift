import Graphs

extension LaunchList {
  mutating func columnSum(_ node: Node) {
    guard shape(node.inputs[0]).columns > 0,
      !columnSumsBeside.values.contains(node.outputs[0])
    else { return }
    _ = columnSums(of: node.inputs[0], to: place(node.outputs[0]))
  }

  /// Sums columns into `result`, or into scratch. The rows of a tall matrix are divided into parts,
  /// whose sums a second launch adds up. A matrix with few columns is treated as one with fewer
  /// rows and more columns: `[64 r, 1]` as `[r, 64]`.
  /// - Returns: the memory of the sums.
  mutating func columnSums(of x: TensorID, to result: Place?) -> Place {
    let (rows, columns) = (shape(x).rows, shape(x).columns)
    let fold =
      rows > 4096
      ? [64, 32, 16, 8, 4, 2].first {
        $0 * columns <= 64 && rows % $0 == 0
      } ?? 1 : 1
    // In a fused launch, other work keeps the compute units busy.
    let shares =
      cut != nil && rows <= 4096 ? 1 : sizes.rowShares(rows / fold, columns * fold)
    let parts = shares * fold
    let result = result ?? .scratch(parts * columns)
    reserveScratch((parts + 1) * columns)
    guard parts > 1 else {
      columnSum(tensor(x), rows, columns, to: result, shares: 1)
      return result
    }
    columnSum(tensor(x), rows / fold, columns * fold, to: .scratch(0), shares: shares)
    columnSum(.tensor(.scratch(0)), parts, columns, to: result, shares: 1)
    return result
  }

  private mutating func columnSum(
    _ x: Argument, _ rows: Int, _ columns: Int, to result: Place, shares: Int
  ) {
    let width = sizes.style == .fat ? 64 : 32
    append(
      .launch(
        Launch(
          file: "column_sum", kernel: "column_sum", defines: sizes.defines,
          arguments: [.int(rows), .int(columns), x, .tensor(result)],
          groups: [(columns - 1) / width + 1, shares],
          local: sizes.style == .fat ? [1, 1] : [32, 8])))
  }
}
