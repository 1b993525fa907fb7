import Graphs

extension LaunchList {
  mutating func batchNorm(_ op: BatchNorm, _ node: Node) {
    let x = node.inputs[0]
    guard shape(x).count > 0 else { return }
    let (y, mean, variance) = (node.outputs[0], node.outputs[1], node.outputs[2])
    guard shape(x).rows > sizes.fewRows else {
      return columns("batch_norm_columns", op.epsilon, node)
    }
    let share = 1 / Double(shape(x).rows)
    var shares = channelSums(term: 0, x, dy: x, mean: x)
    finish(shares, kinds: 1, kind: 0, factor: share, to: mean)
    shares = channelSums(term: 1, x, dy: x, mean: mean)
    finish(shares, kinds: 1, kind: 0, factor: share, to: variance)
    normalize(op.epsilon, node.inputs + [mean, variance], to: y)
  }

  mutating func batchNormInference(_ op: BatchNormInference, _ node: Node) {
    guard shape(node.inputs[0]).count > 0 else { return }
    normalize(op.epsilon, node.inputs, to: node.outputs[0])
  }

  mutating func batchNormGradient(_ op: BatchNormGradient, _ node: Node) {
    let (dy, x, variance) = (node.inputs[0], node.inputs[1], node.inputs[4])
    let shape = shape(x)
    guard shape.count > 0 else { return }
    guard shape.rows > sizes.fewRows else {
      return columns("batch_norm_columns_gradient", op.epsilon, node)
    }
    let (dx, dGamma, dBeta) = (node.outputs[0], node.outputs[1], node.outputs[2])
    let shares = channelSums(term: 2, x, dy: dy, mean: node.inputs[3])
    finish(shares, kinds: 2, kind: 0, factor: 1, to: dBeta)
    finish(shares, kinds: 2, kind: 1, factor: 1, scaledBy: variance, op.epsilon, to: dGamma)
    launch(
      "batch_norm_gradient", in: "batch_norm",
      [
        .int(shape.rows), .int(shape.columns), .float(op.epsilon),
        .float(1 / Double(shape.rows)),
      ] + (node.inputs + [dGamma, dBeta, dx]).map(tensor),
      groups: sizes.cellGroups(rows: shape.rows, columns: shape.columns))
  }

  mutating func updateStatistics(_ op: UpdateStatistics, _ node: Node) {
    for (measured, state) in zip(node.inputs[0...1], node.inputs[2...3]) {
      let count = shape(state).count
      guard count > 0 else { continue }
      launch(
        "update_statistics",
        [
          .int(count), .float(op.momentum), .float(1 - op.momentum), .buffer(.state),
          tensor(measured), tensor(state),
        ], groups: sizes.flatGroups(count))
    }
  }

  /// A single launch; each group processes some channels over all rows.
  private mutating func columns(_ kernel: String, _ epsilon: Double, _ node: Node) {
    let shape = shape(node.inputs[0])
    let width = sizes.style == .fat ? 16 : 32
    append(
      .launch(
        Launch(
          file: "batch_norm_columns", kernel: kernel, defines: sizes.defines,
          arguments: [
            .int(shape.rows), .int(shape.columns), .float(epsilon), .float(1 / Double(shape.rows)),
          ] + (node.inputs + node.outputs).map(tensor),
          groups: [(shape.columns - 1) / width + 1, 1],
          local: sizes.style == .fat ? [1, 1] : [32, 8])))
  }

  /// Sums over the rows of `x` for each channel, with the rows divided into parts; `term` as in
  /// `batch_norm.cl`.
  /// - Returns: the number of parts, in scratch.
  private mutating func channelSums(
    term: Int, _ x: TensorID, dy: TensorID, mean: TensorID
  ) -> Int {
    let (rows, channels) = (shape(x).rows, shape(x).columns)
    let shares = sizes.rowShares(rows, channels)
    reserveScratch(shares * (term == 2 ? 2 : 1) * channels)
    append(
      .launch(
        Launch(
          file: "batch_norm", kernel: "batch_norm_sums",
          defines: sizes.defines + ["TERM=\(term)"],
          arguments: [
            .int(rows), .int(channels), tensor(x), tensor(dy), tensor(mean), .buffer(.scratch(0)),
          ],
          groups: [sizes.style == .fat ? 1 : (channels - 1) / 32 + 1, shares],
          local: sizes.style == .fat ? [1, 1] : [32, 8])))
    return shares
  }

  /// Adds up the parts of the `kind`-th of `kinds` sums.
  private mutating func finish(
    _ shares: Int, kinds: Int, kind: Int, factor: Double, scaledBy variance: TensorID? = nil,
    _ epsilon: Double = 0, to result: TensorID
  ) {
    let channels = shape(result).count
    launch(
      "batch_norm_finish", in: "batch_norm", defines: ["SCALED=\(variance == nil ? 0 : 1)"],
      [
        .int(shares), .int(kinds * channels), .int(channels), .float(factor), .float(epsilon),
        .tensor(.scratch(kind * channels)), tensor(variance ?? result), tensor(result),
      ], groups: sizes.flatGroups(channels))
  }

  /// - Parameter operands: x, gamma, beta, mean, variance.
  private mutating func normalize(_ epsilon: Double, _ operands: [TensorID], to y: TensorID) {
    let shape = shape(y)
    launch(
      "batch_norm",
      [.int(shape.rows), .int(shape.columns), .float(epsilon)] + (operands + [y]).map(tensor),
      groups: rowGroups(shape.rows, shape.columns))
  }
}
