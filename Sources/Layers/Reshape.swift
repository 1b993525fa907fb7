import Graphs

/// Reshapes each example.
/// - `x`: `[N, …]`. Result: `[N] + shape`.
package struct Reshape: LayerBuilder {
  static let name = "reshape"
  static let keepsElements = true

  /// The shape of one example.
  package var shape: Shape

  package init(shape: Shape) { self.shape = shape }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let count = network.graph.shape(x)[0]
    let reshape = Graphs.Reshape(Shape([count] + shape.dimensions))
    return try network.graph.add(.reshape(reshape), [x])[0]
  }
}

/// Flattens each example to one row.
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
