import Graphs

/// Sequences of odd lengths, of one step, and of one example.
extension OpCases {
  /// `[N, T, C]`
  private static let sequences: [Shape] = [
    [1, 1, 1], [1, 7, 3], [3, 1, 17], [2, 5, 1], [17, 33, 2], [5, 9, 33], [2, 257, 3],
  ]

  private static func windows(_ length: Int) -> [StepWindows] {
    let layers = Window.Padding.allCases.flatMap { padding in
      [(1, 1), (3, 1), (2, 2), (3, 2), (2, 3), (5, 2)].map { size, stride in
        StepWindows(Window(size, stride: stride, padding: padding), over: length)
      }
    }
    return layers.filter { $0.count > 0 } + [
      .repeated(1), .repeated(19), .last(of: length), .previous(of: length),
    ]
  }

  package static let stepWindows: [OpCase] = sequences.flatMap { x -> [OpCase] in
    windows(x[1]).flatMap { windows -> [OpCase] in
      let y: Shape = [x[0], windows.count, windows.size * x[2]]
      return [
        OpCase(.unfold1D(Unfold1D(windows)), [(x, .normal)]),
        OpCase(
          .fold1D(Fold1D(windows, length: x[1])), [(y, .normal)]),
      ]
    }
  }

  /// `[N, T, H]`
  private static let states: [Shape] = [
    [1, 1, 1], [1, 3, 2], [2, 1, 3], [3, 5, 17], [17, 7, 16], [7, 4, 33], [9, 12, 65], [33, 2, 80],
  ]

  package static let recurrences: [OpCase] = states.flatMap { h -> [OpCase] in
    // Of both signs and below 1, so that nothing grows from step to step.
    let weights = OpCase.Values.derivativeOperand(of: .tanh)
    func gates(_ count: Int) -> Shape { [h[0], h[1], count * h[2]] }
    func weight(_ count: Int) -> Shape { [h[2], count * h[2]] }
    return [
      OpCase(.lstm(LSTM()), [(gates(4), .normal), (weight(4), weights)]),
      OpCase(
        .lstmGradient(LSTMGradient()),
        [(h, .normal), (gates(4), .unit), (h, .normal), (weight(4), weights)]),
      OpCase(
        .gru(GRU()), [(gates(3), .normal), (weight(3), weights), ([3 * h[2]], .normal)]),
      OpCase(
        .gruGradient(GRUGradient()),
        [(h, .normal), (h, .unit), (gates(3), .unit), (h, .normal), (weight(3), weights)]),
    ]
  }
}
