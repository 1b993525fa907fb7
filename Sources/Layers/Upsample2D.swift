import Graphs

/// Enlarges images `factor` times in height and width.
/// - `x`: `[N, H, W, C]`. Result: `[N, factor · H, factor · W, C]`.
package struct Upsample2D: LayerBuilder {
  static let name = "upsample2D"
  static let keepsRange = true
  static let slidesOverImages = true

  package var factor: Int
  package var interpolation: Interpolation

  package init(factor: Int, interpolation: Interpolation = .nearest) {
    self.factor = factor
    self.interpolation = interpolation
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.graph.add(.upsample2D(Graphs.Upsample2D(factor, interpolation)), [x])[0]
  }
}
