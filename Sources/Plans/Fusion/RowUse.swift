import Graphs

/// How a step uses the rows of a batch: axis 0 of gathered examples, and of everything that is
/// computed example by example.
package enum RowUse: Hashable, Sendable {
  /// A row of its result depends only on the same row of its operands; the operands at the indices
  /// `whole` are read completely. Sums over rows, such as a loss, can be computed from partial
  /// sums.
  case each(whole: [Int])
  /// Its results depend on all rows, for example the statistics of a batch.
  case all
}

extension Plan {
  /// The steps that compute rows from a batch's rows, by their indices: a device may run the steps
  /// of kind `each` one after the other for a part of the rows; also those of kind `all` if the
  /// part contains all rows.
  package var rowUses: [Int: RowUse] {
    var uses: [Int: RowUse] = [:]
    /// Tensors with one or several rows per example.
    var batch: Set<TensorID> = []
    for (index, step) in steps.enumerated() {
      switch step.op {
      case .reshape where batch.contains(step.inputs[0]): batch.formUnion(step.outputs)
      // Codes that are drawn at random also have one row per example.
      case .normal, .shapedPrior:
        batch.formUnion(step.outputs.filter { graph.shape($0).rank >= 2 })
      default: break
      }
      guard let use = step.rowUse, isOfMatrices(step),
        step.isGather || !batch.isDisjoint(with: step.inputs)
      else {
        continue
      }
      uses[index] = use
      batch.formUnion(step.outputs.filter { graph.shape($0).rank >= 2 })
    }
    return uses
  }

  /// For concatenations: whether each row is one of the batch and not a pixel.
  private func isOfMatrices(_ step: Node) -> Bool {
    switch step.op {
    case .concatenate, .columns:
      graph.shape(step.outputs[0]).rank == 2
        && Set(step.inputs.map { graph.shape($0).rows }).count == 1
    default: true
    }
  }

  /// Floating-point operations of those steps.
  package var rowOperations: Int {
    rowUses.keys.reduce(0) { $0.addingCapped(floatingPointOperations(of: steps[$1])) }
  }
}

extension Node {
  fileprivate var isGather: Bool {
    switch op {
    case .gather, .gatherLabels: true
    default: false
    }
  }

  /// By the op alone, if its first operand has one row per example.
  fileprivate var rowUse: RowUse? {
    switch op {
    case .gather, .gatherLabels: .each(whole: Array(inputs.indices))
    case .product(let op) where !op.transposeA: .each(whole: whole(op))
    case .conv2D(let op): .each(whole: whole(op))
    case .conv2DInputGradient(let op): .each(whole: whole(op))
    case .addBias: .each(whole: [1])
    case .batchNormInference: .each(whole: [1, 2, 3, 4])
    case .reconstructionLossGradient, .reconstructionLossWithGradient, .reparameterizeGradient:
      .each(whole: [inputs.count - 1])
    case .activate, .activateGradient, .add, .columns, .concatenate, .dropout, .fold1D, .noise,
      .noiseGradient, .pool2D,
      .pool2DGradient, .reparameterize, .unfold1D, .upsample2D, .upsample2DGradient:
      .each(whole: [])
    case .batchNorm, .batchNormGradient: .all
    default: nil
    }
  }

  private func whole(_ op: some EpilogueOperation) -> [Int] {
    [1] + [op.operandIndices.bias].compactMap(\.self)
  }
}
