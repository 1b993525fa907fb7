import Graphs
import Plans

extension Node {
  /// How close a result must come to the one that was expected. Rounding follows the size of what a
  /// step adds up, and gradients are small: the tolerance for operands of size 1 is taken to that
  /// size.
  /// - Parameters:
  ///   - operands: the values of an input by its place; empty of what is no float.
  ///   - place: which output `expected` is.
  func tolerance(
    in graph: Graph, operands: [[Float]], expected: [Float], place: Int
  ) -> Tolerance {
    let plain = op.tolerance(of: inputs.map(graph.shape), to: outputs.map(graph.shape))
    let result = largest(expected)
    func size(_ place: Int) -> Double { largest(operands[place]) }
    switch op {
    case .product, .conv2D, .conv2DInputGradient, .conv2DWeightGradient:
      let places = op.withEpilogue?.operandIndices
      let added = [places?.bias, places?.addend].compactMap(\.self).map(size).reduce(0, max)
      // Terms of one sign, as gradients of a bad start are: partial sums grow to the result itself.
      let terms = Double(op.termCount(of: inputs.map(graph.shape)) ?? 1)
      let ofOneSign = 1.2e-7 * terms.squareRoot() * result
      let random = plain.ofSize(size(0) * size(1) + added)
      let sized = Tolerance(absolute: random.absolute + ofOneSign, relative: random.relative)
      // The rounding of an activation is that of numbers around 1.
      return op.withEpilogue?.epilogue.activation ?? .identity == .identity
        ? sized : Tolerance(absolute: sized.absolute + 1e-6, relative: sized.relative)
    case .columnSum, .upsample2DGradient, .upsampleWindow, .fold1D, .sumOfAbsolutes:
      return plain.ofSize(size(0))
    case .sumOfSquares: return plain.ofSize(size(0) * size(0))
    case .lstmGradient, .gruGradient: return plain.ofSize(size(0))
    case .batchNorm:
      return plain.ofSize(max(result, 1))
    case .batchNormGradient:
      // Only the sums over the rows have errors that grow with them.
      return place == 0
        ? Tolerance(absolute: 1e-4 * result, relative: plain.relative)
        : plain.ofSize(size(0))
    case .activate, .lstm, .gru, .batchNormInference, .importanceSample, .shapedPrior, .normal:
      return plain.ofSize(max(result, 1))
    case .add, .noise, .addBias: return plain.ofSize(max(size(0), size(1), result))
    case .discrepancyGradient: return plain.ofSize(max(size(2), 1e-6))
    case .reconstructionLossWithGradient where place == 1:
      return Tolerance(absolute: 1e-6, relative: 4e-6).ofSize(result)
    case .gather, .denormalize, .activateGradient, .pool2D, .pool2DGradient, .upsample2D,
      .unfold1D, .scale, .dropout, .noiseGradient, .reparameterizeGradient, .freeBitsGradient,
      .sumOfAbsolutesGradient, .importanceBoundGradient, .importanceSampleGradient, .scheduled,
      .reconstructionLossGradient, .exampleLossGradient, .sparsityGradient:
      return plain.ofSize(result)
    // Sums of terms of one sign, whose rounding is relative; and copies.
    case .reconstructionLoss, .reconstructionLossWithGradient, .reparameterize, .freeBits,
      .sparsity, .discrepancy, .perplexity, .importanceBound, .exampleLoss:
      return plain
    case .allReduce, .reshape, .straightThrough, .concatenate, .columns, .nearest, .lookUp,
      .gatherLabels,
      .record, .update, .updateStatistics, .updateCodebook:
      return plain
    }
  }

  /// Whether what it computes is numbered by its feed's counters, or changes the store: what a
  /// second step of training computes otherwise than the first.
  var followsCounters: Bool {
    switch op {
    case .gather, .gatherLabels, .normal, .dropout, .shapedPrior, .scheduled, .record, .update,
      .updateStatistics, .updateCodebook:
      true
    default: false
    }
  }
}
