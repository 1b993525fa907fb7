import Graphs

extension Op {
  /// How close a float32 backend must come to the reference, over operands of size 1.
  ///
  /// Steps that change what a store keeps (`record`, updates) have no results, and none here.
  /// - Parameters:
  ///   - inputs: the operands' shapes.
  ///   - outputs: the results' shapes.
  package func tolerance(of inputs: [Shape], to outputs: [Shape]) -> Tolerance {
    switch self {
    case .reshape, .straightThrough, .concatenate, .columns, .nearest, .lookUp, .gatherLabels:
      return .exact
    case .gather, .denormalize, .addBias, .activate, .activateGradient, .pool2D, .pool2DGradient,
      .upsample2D, .unfold1D, .add, .scale, .dropout, .noise, .noiseGradient,
      .reparameterizeGradient, .freeBitsGradient, .sumOfAbsolutesGradient,
      .importanceBoundGradient, .scheduled:
      return .elementwise

    case .product, .conv2D, .conv2DInputGradient, .conv2DWeightGradient:
      return .chain(termCount(of: inputs) ?? 1)
    case .columnSum: return .sum(inputs[0].rows)
    // In float32, whatever computes it.
    case .allReduce: return .elementwise
    case .upsample2DGradient(let op): return .sum(4 * op.factor * op.factor)
    case .upsampleWindow(let op): return .sum(op.factor * op.factor)
    case .fold1D(let op): return .sum(max(op.windows.size, op.windows.count))

    // Rounding of a sum over the state goes from step to step, and gates bend it back.
    case .lstm, .gru:
      let terms = Double(outputs[0].count / outputs[0][0]).squareRoot()
      return Tolerance(absolute: 2e-6 * terms + 2e-6, relative: 1e-5)
    case .lstmGradient, .gruGradient:
      let terms = Double(inputs[0].count / inputs[0][0]).squareRoot()
      return Tolerance(absolute: 2e-5 * terms + 4e-6, relative: 2e-5)

    // A variance near 0 is divided by, so that its rounding counts by 1 / √ε = 30.
    case .batchNorm:
      let terms = Double(inputs[0].rows).squareRoot()
      return Tolerance(absolute: 2e-6 * terms + 4e-6, relative: 2e-5)
    case .batchNormGradient:
      return Tolerance(absolute: 1e-4 * Double(inputs[0].rows).squareRoot(), relative: 1e-4)
    case .batchNormInference: return Tolerance(absolute: 4e-6, relative: 4e-6)

    case .reconstructionLoss(let op): return Self.loss(op.scale, of: inputs[0])
    case .reconstructionLossWithGradient(let op): return Self.loss(op.scale, of: inputs[0])
    // The gradient of cross-entropy by a probability of 0.02 is 50 times that by its logit.
    case .reconstructionLossGradient, .exampleLossGradient:
      return Tolerance(absolute: 1e-6, relative: 4e-6)
    case .exampleLoss: return .sum(inputs[0].count / max(inputs[0][0], 1))
    case .sumOfSquares, .sumOfAbsolutes, .reparameterize, .freeBits, .importanceBound:
      return .sum(inputs[0].count)
    case .sparsity: return .sum(inputs[0].columns, scale: 4)
    case .sparsityGradient: return Tolerance(absolute: 1e-6, relative: 8e-6)
    case .importanceSample: return .sum(4 * inputs[0].columns)
    case .importanceSampleGradient(let op): return .sum(op.drawCount, scale: 16)
    // Means of kernels of at most 1, or 7, that nearly cancel.
    case .discrepancy(let op):
      return Tolerance(absolute: op.kernel == .gaussian ? 4e-6 : 2e-5, relative: 4e-6)
    case .discrepancyGradient:
      return Tolerance(absolute: 4e-6 / Double(max(inputs[0][0], 1)), relative: 2e-5)
    case .shapedPrior: return .sum(4, scale: 3)
    // Box-Muller in float32: the radius is at most 5.8, the angle exact to 2⁻²⁴ of a turn.
    case .normal: return Tolerance(absolute: 4e-6, relative: 2e-6)
    case .perplexity: return Tolerance(absolute: 1e-6, relative: 1e-5)

    case .record, .update, .updateStatistics, .updateCodebook: return .exact
    }
  }

  /// How many terms a matrix product or a convolution adds to an element; `nil` of other ops.
  package func termCount(of inputs: [Shape]) -> Int? {
    switch self {
    case .product(let op): inputs[0][op.transposeA ? 0 : 1]
    case .conv2D, .conv2DInputGradient: inputs[1][0] * inputs[1][1] * inputs[0].columns
    case .conv2DWeightGradient: inputs[1].rows
    default: nil
    }
  }

  private static func loss(_ scale: LossScale, of x: Shape) -> Tolerance {
    .sum(x.count, scale: max(scale.factor(of: x), 1e-3))
  }
}
