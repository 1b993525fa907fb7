import Graphs

/// A convolution, `y = f(conv(x, W) + b)`.
/// - `x`: `[N, H, W, C]`; `W`: `[K, K, C, O]`, named `weight`; `b`: `[O]`, named `bias`.
/// Result: `[N, H′, W′, O]`, one pixel per window.
package struct Conv2D: ActivatedLayer {
  static let name = "conv2D"
  static let slidesOverImages = true

  /// `O`
  package var filters: Int
  package var window: Window
  package var activation: Activation
  package var initializer: Initializer
  package var biasInitializer: Initializer

  package init(
    filters: Int, window: Window, activation: Activation = .identity,
    initializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros
  ) {
    self.filters = filters
    self.window = window
    self.activation = activation
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  var layer: Layer { .conv2D(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let channels = try network.images(x, of: "conv2D")[3]
    let fanIn = cappedProduct([window.size, window.size, channels])
    let fanOut = cappedProduct([window.size, window.size, filters])
    let weight = network.weight(
      [window.size, window.size, channels, filters], initializer, fanIn: fanIn, fanOut: fanOut)
    let sum = try network.graph.add(.conv2D(Graphs.Conv2D(window)), [x, weight])[0]
    return try network.finish(
      sum, bias: biasInitializer, fanIn: fanIn, fanOut: fanOut, activation)
  }
}

/// A transposed convolution, `y = f(convᵀ(x, W) + b)`: the adjoint of a convolution with the same
/// window.
/// - `x`: `[N, H, W, C]`; `W`: `[K, K, O, C]`, named `weight`; `b`: `[O]`, named `bias`. Result:
/// `[N, H′, W′, O]`, with `H′ = stride · H`; for `valid` padding `K − stride` more, if that is
/// positive.
package struct ConvTranspose2D: ActivatedLayer {
  static let name = "convTranspose2D"
  static let slidesOverImages = true

  /// `O`
  package var filters: Int
  package var window: Window
  package var activation: Activation
  package var initializer: Initializer
  package var biasInitializer: Initializer

  package init(
    filters: Int, window: Window, activation: Activation = .identity,
    initializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros
  ) {
    self.filters = filters
    self.window = window
    self.activation = activation
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  var layer: Layer { .convTranspose2D(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let images = try network.images(x, of: "convTranspose2D")
    let fanIn = cappedProduct([window.size, window.size, images[3]])
    let fanOut = cappedProduct([window.size, window.size, filters])
    let weight = network.weight(
      [window.size, window.size, filters, images[3]], initializer, fanIn: fanIn, fanOut: fanOut)
    let op = Conv2DInputGradient(
      window, height: window.length(of: images[1]), width: window.length(of: images[2]))
    let sum = try network.graph.add(.conv2DInputGradient(op), [x, weight])[0]
    return try network.finish(
      sum, bias: biasInitializer, fanIn: fanIn, fanOut: fanOut, activation)
  }
}

extension NetworkBuilder {
  /// The shape of images `[N, H, W, C]`.
  fileprivate func images(_ x: TensorID, of layer: String) throws(GraphError) -> Shape {
    guard graph.shape(x).rank == 4 else {
      throw .operands(
        op: layer, expected: "images [N, H, W, C] (add a reshape before it)",
        received: [graph[x].type])
    }
    return graph.shape(x)
  }
}
