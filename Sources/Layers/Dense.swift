import Graphs

/// A fully connected layer, `y = f(x W + b)`; for sequences, the same at each step.
/// - `x`: `[N, I]` or `[N, T, I]`; `W`: `[I, O]`, named `weight`; `b`: `[O]`, named `bias`. Result:
///   `[N, O]` or `[N, T, O]`.
package struct Dense: ActivatedLayer {
  static let name = "dense"

  /// `O`
  package var units: Int
  package var activation: Activation
  package var initializer: Initializer
  package var biasInitializer: Initializer

  package init(
    units: Int, activation: Activation = .identity, initializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros
  ) {
    self.units = units
    self.activation = activation
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  var layer: Layer { .dense(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let inputs = try network.features(x, of: "dense")
    let rows = try network.rows(x)
    let weight = network.weight([inputs, units], initializer, fanIn: inputs, fanOut: units)
    network.denseWeights.append(weight)
    let product = try network.graph.add(.product(Product()), [rows, weight])[0]
    let y = try network.finish(
      product, bias: biasInitializer, fanIn: inputs, fanOut: units, activation)
    return try network.reshape(y, to: network.graph.shape(x).replacingColumns(by: units))
  }
}

/// A dense layer `y = f(x Wᵀ + b)` with the weight of an encoder layer: the first one uses the
/// weight of the encoder's last dense layer, the next that of the layer before, and so on.
/// - `x`: `[N, O]` or `[N, T, O]`; `W`: `[I, O]`, the encoder's; `b`: `[I]`, named `bias`. Result:
///   `[N, I]` or `[N, T, I]`.
package struct TiedDense: ActivatedLayer {
  static let name = "tiedDense"

  package var activation: Activation
  package var biasInitializer: Initializer

  package init(activation: Activation = .identity, biasInitializer: Initializer = .zeros) {
    self.activation = activation
    self.biasInitializer = biasInitializer
  }

  var layer: Layer { .tiedDense(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let units = try network.features(x, of: "tiedDense")
    guard let weight = network.mirrors.popLast() else {
      throw .operands(
        op: "tiedDense", expected: "as many dense layers in the encoder as tied layers",
        received: [network.graph[x].type])
    }
    let shape = network.graph.shape(weight)
    guard shape[1] == units else {
      throw .operands(
        op: "tiedDense", expected: "[N, \(shape[1])] for the tied weight \(shape)",
        received: [network.graph[x].type])
    }
    let product = try network.graph.add(
      .product(Product(transposeB: true)), [network.rows(x), weight])[0]
    let y = try network.finish(
      product, bias: biasInitializer, fanIn: units, fanOut: shape[0], activation)
    return try network.reshape(y, to: network.graph.shape(x).replacingColumns(by: shape[0]))
  }
}

extension NetworkBuilder {
  /// `I` for examples `[N, I]` or sequences `[N, T, I]`.
  fileprivate func features(_ x: TensorID, of layer: String) throws(GraphError) -> Int {
    guard [2, 3].contains(graph.shape(x).rank) else {
      throw .operands(
        op: layer, expected: "examples [N, I] (add a flatten before it)",
        received: [graph[x].type])
    }
    return graph.shape(x).columns
  }
}
