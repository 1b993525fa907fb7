import Graphs

extension NetworkBuilder {
  /// The shape of sequences `[N, T, C]`.
  func sequences(_ x: TensorID, of layer: String) throws(GraphError) -> Shape {
    guard graph.shape(x).rank == 3 else {
      throw .operands(
        op: layer, expected: "sequences [N, T, C], as a repeat or a reshape before it makes them",
        received: [graph[x].type])
    }
    return graph.shape(x)
  }

  /// The windows over sequences, of which there must be one at least.
  func stepWindows(
    _ window: Window, over x: TensorID, of layer: String
  ) throws(GraphError) -> StepWindows {
    let windows = StepWindows(window, over: try sequences(x, of: layer)[1])
    guard windows.count > 0 else {
      throw .operands(
        op: layer, expected: "sequences of at least \(window.size) steps",
        received: [graph[x].type])
    }
    return windows
  }

  /// The steps of each window in a row, `[N, T′, K · C]`.
  mutating func unfold(_ x: TensorID, _ windows: StepWindows) throws(GraphError) -> TensorID {
    try graph.add(.unfold1D(Unfold1D(windows)), [x])[0]
  }

  mutating func reshape(_ x: TensorID, to shape: Shape) throws(GraphError) -> TensorID {
    guard graph.shape(x) != shape else { return x }
    return try graph.add(.reshape(Graphs.Reshape(shape)), [x])[0]
  }

  /// All axes but the last as one: `[N · T, C]`.
  mutating func rows(_ x: TensorID) throws(GraphError) -> TensorID {
    try reshape(x, to: [graph.shape(x).rows, graph.shape(x).columns])
  }
}
