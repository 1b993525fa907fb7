import Graphs

/// Appends the class of each example to its features, for conditional models (Sohn et al. 2015): `y
/// = (x, label)`, with 1 at the class and 0 elsewhere; for images and sequences at each position.
/// - `x`: `[N, …, C]`. Result: `[N, …, C + classes]`.
package struct ConcatenateLayer: LayerBuilder {
  static let name = "concatenate"

  package init() {}

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    guard let label = network.label else {
      throw .operands(
        op: "concatenate",
        expected: "a recipe with the number of classes, such as classes: 10",
        received: [network.graph[x].type])
    }
    return try network.graph.add(.concatenate(Concatenate()), [x, label])[0]
  }
}
