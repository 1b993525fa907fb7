import Graphs

/// A convolution over time, `y = f(conv(x, W) + b)`, as a matrix product over the unfolded steps.
/// - `x`: `[N, T, C]`; `W`: `[K, C, O]`, named `weight`; `b`: `[O]`, named `bias`. Result:
/// `[N, T′, O]`, one step per window.
package struct Conv1D: ActivatedLayer {
  static let name = "conv1D"

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

  var layer: Layer { .conv1D(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let shape = try network.sequences(x, of: "conv1D")
    let windows = try network.stepWindows(window, over: x, of: "conv1D")
    let fanIn = cappedProduct([window.size, shape[2]])
    let fanOut = cappedProduct([window.size, filters])
    let weight = network.weight(
      [window.size, shape[2], filters], initializer, fanIn: fanIn, fanOut: fanOut)
    let steps = window.isOneStep ? x : try network.unfold(x, windows)
    let operands = [
      try network.rows(steps), try network.reshape(weight, to: [fanIn, filters]),
    ]
    let sum = try network.graph.add(.product(Product()), operands)[0]
    let y = try network.finish(
      sum, bias: biasInitializer, fanIn: fanIn, fanOut: fanOut, activation)
    return try network.reshape(y, to: [shape[0], windows.count, filters])
  }
}

/// A transposed convolution over time, `y = f(convᵀ(x, W) + b)`: the adjoint of a convolution with
/// the same window.
/// - `x`: `[N, T, C]`; `W`: `[K, O, C]`, named `weight`; `b`: `[O]`, named `bias`. Result:
/// `[N, T′, O]`, with `T′ = stride · T`; for `valid` padding `K − stride` more, if that is
/// positive.
package struct ConvTranspose1D: ActivatedLayer {
  static let name = "convTranspose1D"

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

  var layer: Layer { .convTranspose1D(self) }

  func build(_ x: TensorID, in network: inout NetworkBuilder) throws(GraphError) -> TensorID {
    let shape = try network.sequences(x, of: "convTranspose1D")
    let fanIn = cappedProduct([window.size, shape[2]])
    let fanOut = cappedProduct([window.size, filters])
    let weight = network.weight(
      [window.size, filters, shape[2]], initializer, fanIn: fanIn, fanOut: fanOut)
    let operands = [
      try network.rows(x), try network.reshape(weight, to: [fanOut, shape[2]]),
    ]
    let product = try network.graph.add(.product(Product(transposeB: true)), operands)[0]
    let length = window.length(of: shape[1])
    var y = try network.reshape(product, to: [shape[0], shape[1], fanOut])
    if !window.isOneStep {
      let fold = Fold1D(StepWindows(window, over: length), length: length)
      y = try network.graph.add(.fold1D(fold), [y])[0]
    }
    return try network.finish(
      y, bias: biasInitializer, fanIn: fanIn, fanOut: fanOut, activation)
  }
}

extension Window {
  /// Whether each window contains only its own step.
  fileprivate var isOneStep: Bool { size == 1 && stride == 1 }
}
