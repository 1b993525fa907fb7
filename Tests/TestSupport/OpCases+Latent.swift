import Graphs

/// Comparisons of codes with their prior other than the divergence of each code.
extension OpCases {
  package static let discrepancies: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    DiscrepancyKernel.allCases.flatMap { kernel -> [OpCase] in
      let pair: [(Shape, OpCase.Values)] = [(shape, .normal), (shape, .normal)]
      return [
        // Means of kernels of at most 1, or 7, that nearly cancel.
        OpCase(
          .discrepancy(Discrepancy(kernel)), pair,
          Tolerance(absolute: kernel == .gaussian ? 4e-6 : 2e-5, relative: 4e-6)),
        OpCase(
          .discrepancyGradient(DiscrepancyGradient(kernel)), pair + [([], .constant(0.75))],
          Tolerance(absolute: 4e-6 / Double(shape[0]), relative: 2e-5)),
      ]
    }
  }

  package static let freeBits: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    Reduction.allCases.flatMap { reduction -> [OpCase] in
      let pair: [(Shape, OpCase.Values)] = [(shape, .normal), (shape, .normal)]
      return [
        OpCase(.freeBits(FreeBits(floor: 0.75, reduction)), pair, sum(shape.count)),
        OpCase(
          .freeBitsGradient(FreeBitsGradient(floor: 0.5, reduction)),
          pair + [([shape.columns], .unit), ([], .constant(0.75))], elementwise),
      ]
    }
  }

  /// An example's draws are the second size.
  package static let importance: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    let (draws, columns) = (shape[1], 5)
    let weights = Shape([shape.count])
    let bounds = Reduction.allCases.flatMap { reduction -> [OpCase] in
      let bound = ImportanceBound(drawCount: draws, reduction)
      return [
        OpCase(.importanceBound(bound), [(weights, .normal)], sum(shape.count)),
        OpCase(
          .importanceBoundGradient(ImportanceBoundGradient(bound: bound)),
          [(weights, .normal), ([], .constant(0.75))], elementwise),
      ]
    }
    let samples = Shape([shape.count, columns])
    return bounds + [
      OpCase(
        .importanceSampleGradient(ImportanceSampleGradient(drawCount: draws)),
        [
          (samples, .normal), (weights, .normal), ([shape[0], columns], .normal),
          (samples, .normal), (samples, .normal),
        ], sum(draws, scale: 16))
    ]
  }
}
