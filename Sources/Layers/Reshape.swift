import Graphs

/// The same elements of each example under another shape.
/// - `x`: `[N, …]`. Result: `[N] + shape`.
package struct Reshape: LayerBuilder {
  static let name = "reshape"
  static let keepsElements = true

  /// Of one example.
  package var shape: Shape

  package init(shape: Shape) { self.shape = shape }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let count = network.graph.shape(x)[0]
    let reshape = Graphs.Reshape(Shape([count] + shape.dimensions))
    return try network.graph.add(.reshape(reshape), [x])[0]
  }
}

/// Each example as one row.
/// - `x`: `[N, …]`. Result: `[N, I]`.
package struct Flatten: LayerBuilder {
  static let name = "flatten"
  static let keepsElements = true

  package init() {}

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let shape = network.graph.shape(x)
    let features = shape.dimensions.dropFirst().reduce(1, *)
    return try network.graph.add(.reshape(Graphs.Reshape([shape[0], features])), [x])[0]
  }
}
