import Graphs
import Randoms

/// A parameter as its layer declared it.
package struct ParameterDeclaration: Hashable, Sendable {
  /// For example `encoder.0.weight`.
  package let name: String
  package let shape: Shape
  package let initializer: Initializer
  package let fanIn: Int
  package let fanOut: Int

  /// The first values, drawn from the stream of the `index`-th tensor of the network.
  package func initialValues(seed: UInt64, index: Int) -> [Float] {
    initializer.values(
      count: shape.count, fanIn: fanIn, fanOut: fanOut,
      random: Philox(seed: seed, stream: .weights(tensor: index)))
  }
}

/// A network under construction: the graph so far, and the parameters that its layers declared.
struct NetworkBuilder {
  var graph = Graph()
  private(set) var parameters: [ParameterDeclaration] = []
  /// What the names of the next parameters begin with.
  private var scope = ""

  /// Declares a parameter of the layer that is being built.
  mutating func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, fanIn: Int, fanOut: Int
  ) -> TensorID {
    let declaration = ParameterDeclaration(
      name: "\(scope).\(name)", shape: shape, initializer: initializer, fanIn: fanIn, fanOut: fanOut
    )
    parameters.append(declaration)
    return graph.add(.parameter(name: declaration.name), TensorType(shape))
  }

  /// Adds a layer whose parameters are named `scope.…`.
  mutating func build(
    _ layer: Layer, _ x: TensorID, named scope: String
  ) throws(GraphError) -> TensorID {
    self.scope = scope
    return try layer.builder.build(x, in: &self)
  }

  /// Adds layers one after the other, named `part.0`, `part.1`, … counting those that have parameters.
  mutating func build(
    _ layers: [Layer], _ x: TensorID, part: String
  ) throws(GraphError) -> TensorID {
    var x = x
    var index = 0
    for layer in layers {
      let before = parameters.count
      x = try build(layer, x, named: "\(part).\(index)")
      if parameters.count > before { index += 1 }
    }
    return x
  }
}
