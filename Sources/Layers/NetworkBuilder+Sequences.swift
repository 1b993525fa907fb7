import Graphs

extension NetworkBuilder {
  /// The shape of sequences `[N, T, C]`.
  func sequences(_ x: TensorID, of layer: String) throws(GraphError) -> Shape {
    guard graph.shape(x).rank == 3 else {
      throw .operands(
        op: layer, expected: "sequences [N, T, C] (add a repeat or a reshape before it)",
        received: [graph[x].type])
    }
    return graph.shape(x)
  }

  /// The windows over sequences; there must be at least one.
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

  /// The steps of each window as one row, `[N, T′, K · C]`.
  mutating func unfold(_ x: TensorID, _ windows: StepWindows) throws(GraphError) -> TensorID {
    try graph.add(.unfold1D(Unfold1D(windows)), [x])[0]
  }

  mutating func reshape(_ x: TensorID, to shape: Shape) throws(GraphError) -> TensorID {
    guard graph.shape(x) != shape else { return x }
    return try graph.add(.reshape(Graphs.Reshape(shape)), [x])[0]
  }

  /// All axes except the last as one: `[N · T, C]`.
  mutating func rows(_ x: TensorID) throws(GraphError) -> TensorID {
    try reshape(x, to: [graph.shape(x).rows, graph.shape(x).columns])
  }
}

/// Helpers of recurrent layers.
extension NetworkBuilder {
  /// The input's part of all gates, `x W + b` for all steps by one product, `[N, T, gates · H]`;
  /// and the recurrent weight.
  mutating func gateInputs(
    _ x: TensorID, gates: Int, units: Int, _ initializer: Initializer,
    _ recurrentInitializer: Initializer, _ biasInitializer: Initializer
  ) throws(GraphError) -> (inputs: TensorID, recurrentWeight: TensorID) {
    let shape = graph.shape(x)
    let columns = cappedProduct([gates, units])
    let weight = weight([shape[2], columns], initializer, fanIn: shape[2], fanOut: columns)
    let recurrentWeight = self.weight(
      [units, columns], recurrentInitializer, fanIn: units, fanOut: columns,
      named: "recurrentWeight")
    let product = try graph.add(.product(Product()), [rows(x), weight])[0]
    let sum = try finish(
      product, bias: biasInitializer, fanIn: shape[2], fanOut: columns, .identity)
    return (try reshape(sum, to: [shape[0], shape[1], columns]), recurrentWeight)
  }

  /// The last step of sequences `[N, T, C]`: `[N, C]`.
  mutating func lastStep(_ x: TensorID) throws(GraphError) -> TensorID {
    let shape = graph.shape(x)
    return try reshape(unfold(x, .last(of: shape[1])), to: [shape[0], shape[2]])
  }
}
