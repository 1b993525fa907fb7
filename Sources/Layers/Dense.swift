import Graphs

/// A fully connected layer, `y = f(x W + b)`.
/// - `x`: `[N, I]`; `W`: `[I, O]`, named `weight`; `b`: `[O]`, named `bias`. Result: `[N, O]`.
package struct Dense: ActivatedLayer {
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
    let weight = network.weight([inputs, units], initializer, fanIn: inputs, fanOut: units)
    network.denseWeights.append(weight)
    let product = try network.graph.add(.product(Product()), [x, weight])[0]
    return try network.finish(
      product, bias: biasInitializer, fanIn: inputs, fanOut: units, activation)
  }
}

/// The mirror of a dense layer of the encoder, `y = f(x Wᵀ + b)`, with that layer's own weight: the
/// first one mirrors the encoder's last, and so on outwards.
/// - `x`: `[N, O]`; `W`: `[I, O]`, the encoder's; `b`: `[I]`, named `bias`. Result: `[N, I]`.
package struct TiedDense: ActivatedLayer {
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
        op: "tiedDense", expected: "a dense layer of the encoder for each tied one",
        received: [network.graph[x].type])
    }
    let shape = network.graph.shape(weight)
    guard shape[1] == units else {
      throw .operands(
        op: "tiedDense", expected: "[N, \(shape[1])] beside the mirrored weight \(shape)",
        received: [network.graph[x].type])
    }
    let product = try network.graph.add(.product(Product(transposeB: true)), [x, weight])[0]
    return try network.finish(
      product, bias: biasInitializer, fanIn: units, fanOut: shape[0], activation)
  }
}

extension NetworkBuilder {
  /// `I` of examples `[N, I]`.
  fileprivate func features(_ x: TensorID, of layer: String) throws(GraphError) -> Int {
    guard graph.shape(x).rank == 2 else {
      throw .operands(
        op: layer, expected: "examples [N, I], as a flatten before it makes them",
        received: [graph[x].type])
    }
    return graph.shape(x)[1]
  }
}
