import Graphs

/// A fully connected layer, `y = f(x W + b)`; of sequences, the same one at each step.
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

/// The mirror of a dense layer of the encoder, `y = f(x Wᵀ + b)`, with that layer's own weight: the
/// first one mirrors the encoder's last, and so on outwards.
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
        op: "tiedDense", expected: "a dense layer of the encoder for each tied one",
        received: [network.graph[x].type])
    }
    let shape = network.graph.shape(weight)
    guard shape[1] == units else {
      throw .operands(
        op: "tiedDense", expected: "[N, \(shape[1])] beside the mirrored weight \(shape)",
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
  /// `I` of examples `[N, I]` or sequences `[N, T, I]`.
  fileprivate func features(_ x: TensorID, of layer: String) throws(GraphError) -> Int {
    guard [2, 3].contains(graph.shape(x).rank) else {
      throw .operands(
        op: layer, expected: "examples [N, I], as a flatten before it makes them",
        received: [graph[x].type])
    }
    return graph.shape(x).columns
  }
}
