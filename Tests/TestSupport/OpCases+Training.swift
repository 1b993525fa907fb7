import Graphs

/// Ops that a network has only in training: noise, normalisation by the batch, penalties.
extension OpCases {
  package static let noise: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    var cases: [OpCase] = []
    for (rate, scaled) in [(0, true), (0.1, true), (0.5, true), (0.3, false), (0.999, false)] {
      let op = Dropout(rate: rate, stream: 0x2_0003, feed: .training, scaled: scaled)
      cases.append(OpCase(.dropout(op), [(shape, .normal)]))
    }
    for range in [nil, 0...1, -0.25...2] as [ClosedRange<Double>?] {
      let op = Noise(mean: 0.25, deviation: 0.5, range: range)
      cases.append(OpCase(.noise(op), [(shape, .normal), (shape, .normal)]))
      guard let range else { continue }
      cases.append(
        OpCase(
          .noiseGradient(NoiseGradient(range: range)), [(shape, .normal), (shape, .coarse)]))
    }
    return cases
  }

  package static let batchNorms: [OpCase] =
    (matrices + [[3, 7, 7, 33], [2, 5, 3, 1], [2049, 3], [2500, 33]])
    .flatMap { shape -> [OpCase] in
      let channels: Shape = [shape.columns]
      return [
        OpCase(
          .batchNorm(BatchNorm(epsilon: 1e-3)),
          [(shape, .normal), (channels, .normal), (channels, .normal)]),
        OpCase(
          .batchNormGradient(BatchNormGradient(epsilon: 1e-3)),
          [
            (shape, .normal), (shape, .normal), (channels, .normal), (channels, .normal),
            (channels, .unit),
          ]),
        OpCase(
          .batchNormInference(BatchNormInference(epsilon: 1e-3)),
          [
            (shape, .normal), (channels, .normal), (channels, .normal), (channels, .normal),
            (channels, .unit),
          ]),
      ]
    }

  package static let penalties: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    let channels: Shape = [shape.columns]
    return [
      OpCase(.sumOfAbsolutes(SumOfAbsolutes()), [(shape, .normal)]),
      OpCase(
        .sumOfAbsolutesGradient(SumOfAbsolutesGradient()),
        [(shape, .coarse), ([], .constant(0.75))]),
      OpCase(
        .sparsity(Sparsity(target: 0.05)), [(shape, .unit)]),
      OpCase(
        .sparsityGradient(SparsityGradient(target: 0.05, shape: shape)),
        [(channels, .unit), ([], .constant(0.75))]),
    ]
  }

  package static let denormalizations: [OpCase] = (matrices + [[3, 7, 5, 2]])
    .flatMap { shape -> [OpCase] in
      let example = Shape(Array(shape.dimensions.dropFirst()))
      return [Normalization.mean, .standard, Normalization(shift: false, factor: true)].map {
        let operands: [(Shape, OpCase.Values)] =
          ($0.shift ? [(example, .normal)] : []) + ($0.factor ? [(example, .unit)] : [])
        return OpCase(.denormalize(Denormalize($0)), [(shape, .normal)] + operands)
      }
    }
}

/// Codebooks, of fewer and of more codes than vectors.
extension OpCases {
  package static let codebooks: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    let (rows, count) = (shape[0], shape[1])
    return [1, 5, 33].flatMap { columns -> [OpCase] in
      let codes: Shape = [count, columns]
      return [
        OpCase(.nearest(Nearest()), [(shape, .normal), (codes, .normal)]),
        OpCase(.lookUp(LookUp()), [([rows], .indices(count)), (codes, .normal)]),
      ]
    } + [
      // Of several nearest codes the first.
      OpCase(.nearest(Nearest()), [(shape, .coarse), ([count, 1], .constant(0.5))]),
      OpCase(.straightThrough(StraightThrough()), [(shape, .normal), (shape, .normal)]),
      OpCase(
        .perplexity(Perplexity(count: count)), [([rows], .indices(count))]),
    ]
  }
}
