import Graphs

/// A fully connected layer, `y = f(x W + b)`.
/// - `x`: `[N, I]`; `W`: `[I, O]`, named `weight`; `b`: `[O]`, named `bias`. Result: `[N, O]`.
package struct Dense: LayerBuilder {
  /// `O`
  package var units: Int
  package var activation: Activation
  package var initializer: Initializer

  package init(
    units: Int, activation: Activation = .identity, initializer: Initializer = .glorotUniform
  ) {
    self.units = units
    self.activation = activation
    self.initializer = initializer
  }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let inputs = network.graph.shape(x).columns
    let weight = network.parameter(
      "weight", [inputs, units], initializer, fanIn: inputs, fanOut: units)
    let bias = network.parameter("bias", [units], .zeros, fanIn: inputs, fanOut: units)
    let product = try network.graph.add(.product(Product()), [x, weight])[0]
    let sum = try network.graph.add(.addBias(AddBias()), [product, bias])[0]
    guard activation != .identity else { return sum }
    return try network.graph.add(.activate(Activate(activation)), [sum])[0]
  }
}
