import Graphs

/// An activation function as a layer, for use after layers without an activation.
package struct ActivationLayer: ActivatedLayer {
  static let name = "activation"
  static let slidesOverImages = true

  package var activation: Activation

  package init(_ activation: Activation) { self.activation = activation }

  var layer: Layer { .activation(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    try network.activate(x, activation)
  }
}
