import Graphs

/// Every layer there is, with its settings.
package enum Layer: Hashable, Sendable {
  case dense(Dense)

  var builder: any LayerBuilder {
    switch self {
    case .dense(let layer): layer
    }
  }
}

/// A layer that can add itself to a network under construction.
protocol LayerBuilder: Hashable, Sendable {
  /// Adds the layer's parameters and nodes.
  /// - Parameter x: the layer's input, `[N, …]`.
  /// - Returns: its output, `[N, …]`.
  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID
}
