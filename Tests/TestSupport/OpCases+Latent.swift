import Graphs

/// Comparisons of codes with their prior other than the divergence of each code.
extension OpCases {
  package static let discrepancies: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    DiscrepancyKernel.allCases.flatMap { kernel -> [OpCase] in
      let pair: [(Shape, OpCase.Values)] = [(shape, .normal), (shape, .normal)]
      return [
        OpCase(
          .discrepancy(Discrepancy(kernel)), pair),
        OpCase(
          .discrepancyGradient(DiscrepancyGradient(kernel)), pair + [([], .constant(0.75))]),
      ]
    }
  }

  package static let freeBits: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    Reduction.allCases.flatMap { reduction -> [OpCase] in
      let pair: [(Shape, OpCase.Values)] = [(shape, .normal), (shape, .normal)]
      return [
        OpCase(.freeBits(FreeBits(floor: 0.75, reduction)), pair),
        OpCase(
          .freeBitsGradient(FreeBitsGradient(floor: 0.5, reduction)),
          pair + [([shape.columns], .unit), ([], .constant(0.75))]),
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
        OpCase(.importanceBound(bound), [(weights, .normal)]),
        OpCase(
          .importanceBoundGradient(ImportanceBoundGradient(bound: bound)),
          [(weights, .normal), ([], .constant(0.75))]),
      ]
    }
    let samples = Shape([shape.count, columns])
    return bounds + [
      OpCase(
        .importanceSampleGradient(ImportanceSampleGradient(drawCount: draws)),
        [
          (samples, .normal), (weights, .normal), ([shape[0], columns], .normal),
          (samples, .normal), (samples, .normal),
        ])
    ]
  }
}
