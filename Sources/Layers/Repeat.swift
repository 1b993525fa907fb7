import Graphs

/// Repeats the code at each step of a sequence.
/// - `x`: `[N, C]`. Result: `[N, count, C]`.
package struct Repeat: LayerBuilder {
  static let name = "repeat"
  static let keepsRange = true

  package var count: Int

  package init(count: Int) { self.count = count }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let shape = network.graph.shape(x)
    guard shape.rank == 2 else {
      throw .operands(
        op: "repeat", expected: "codes [N, C] (add a flatten before it)",
        received: [network.graph[x].type])
    }
    let step = try network.reshape(x, to: [shape[0], 1, shape[1]])
    return try network.unfold(step, .repeated(count))
  }
}

/// Repeats each step of sequences `factor` times.
/// - `x`: `[N, T, C]`. Result: `[N, factor · T, C]`.
package struct Upsample1D: LayerBuilder {
  static let name = "upsample1D"
  static let keepsRange = true

  package var factor: Int

  package init(factor: Int) { self.factor = factor }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let shape = try network.sequences(x, of: "upsample1D")
    let steps = try network.reshape(
      x, to: [cappedProduct(shape.dimensions.prefix(2)), 1, shape[2]])
    let length = cappedProduct([factor, shape[1]])
    return try network.reshape(
      network.unfold(steps, .repeated(factor)), to: [shape[0], length, shape[2]])
  }
}
