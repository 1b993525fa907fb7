import Graphs

/// The maximum of each window and channel.
/// - `x`: `[N, T, C]`. Result: `[N, T′, C]`.
package struct MaxPool1D: LayerBuilder {
  static let name = "maxPool1D"
  static let keepsRange = true

  package var window: Window

  package init(window: Window) { self.window = window }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.pool(x, .maximum, window, of: "maxPool1D")
  }
}

/// The mean of each window and channel; steps outside of the sequence do not count.
/// - `x`: `[N, T, C]`. Result: `[N, T′, C]`.
package struct AveragePool1D: LayerBuilder {
  static let name = "averagePool1D"
  static let keepsRange = true

  package var window: Window

  package init(window: Window) { self.window = window }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.pool(x, .average, window, of: "averagePool1D")
  }
}

extension NetworkBuilder {
  /// Sequences as images with one row. If windows leave out the last steps, the windows are
  /// unfolded, and each is a separate image.
  fileprivate mutating func pool(
    _ x: TensorID, _ pooling: Pooling, _ window: Window, of layer: String
  ) throws(GraphError) -> TensorID {
    let shape = try sequences(x, of: layer)
    let windows = try stepWindows(window, over: x, of: layer)
    let result: Shape = [shape[0], windows.count, shape[2]]
    let covering = Window(window.size, stride: window.stride, padding: .same)
    if window.padding == .same || covering.count(over: shape[1]) == windows.count {
      let line = try reshape(x, to: [shape[0], 1, shape[1], shape[2]])
      return try reshape(graph.add(.pool2D(Pool2D(pooling, covering)), [line])[0], to: result)
    }
    let lines = try reshape(
      unfold(x, windows), to: [cappedProduct([shape[0], windows.count]), 1, window.size, shape[2]])
    let whole = Window(window.size, stride: window.size, padding: .same)
    return try reshape(graph.add(.pool2D(Pool2D(pooling, whole)), [lines])[0], to: result)
  }
}
