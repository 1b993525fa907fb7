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
        OpCase(.unfold1D(Unfold1D(windows)), [(x, .normal)], elementwise),
        OpCase(
          .fold1D(Fold1D(windows, length: x[1])), [(y, .normal)],
          sum(max(windows.size, windows.count))),
      ]
    }
  }
}
