import Graphs

/// The maximum of each window and channel.
/// - `x`: `[N, H, W, C]`. Result: `[N, H′, W′, C]`.
package struct MaxPool2D: LayerBuilder {
  static let name = "maxPool2D"
  static let keepsRange = true
  static let slidesOverImages = true

  package var window: Window

  package init(window: Window) { self.window = window }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.graph.add(.pool2D(Pool2D(.maximum, window)), [x])[0]
  }
}

/// The mean of each window and channel; pixels outside of the image do not count.
/// - `x`: `[N, H, W, C]`. Result: `[N, H′, W′, C]`.
package struct AveragePool2D: LayerBuilder {
  static let name = "averagePool2D"
  static let keepsRange = true
  static let slidesOverImages = true

  package var window: Window

  package init(window: Window) { self.window = window }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.graph.add(.pool2D(Pool2D(.average, window)), [x])[0]
  }
}
