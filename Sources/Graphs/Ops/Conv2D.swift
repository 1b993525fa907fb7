/// A convolution of images, without flipping the window, as is usual in machine learning:
/// `y[n, i, j, o] = epilogue(Σ x[n, s·i + k − p, s·j + l − p, c] · w[k, l, c, o])`.
///
/// The sum runs over `k`, `l` and `c`; `s` is the window's stride, `p` its offset, and pixels
/// outside of the image are 0.
/// - `x`: `[N, H, W, C]`; `w`: `[K, K, C, O]`. Result: `[N, H′, W′, O]`, one pixel per window.
/// - Then the operands of the epilogue.
/// - Gradient (of the plain convolution): `dx` by `Conv2DInputGradient`, `dw` by
///   `Conv2DWeightGradient`.
package struct Conv2D: EpilogueOperation, DifferentiableOperation {
  package let window: Window
  package var epilogue: Epilogue

  package init(_ window: Window, epilogue: Epilogue = .init()) {
    self.window = window
    self.epilogue = epilogue
  }

  package var op: Op { .conv2D(self) }
  package var name: String { "conv2D(\(window))" + epilogue.suffix }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count >= 2, inputs[0].shape.rank == 4, inputs[1].shape.rank == 4 else {
      throw mismatch("images [N, H, W, C] and weights [K, K, C, O]", inputs)
    }
    let (x, w) = (inputs[0].shape, inputs[1].shape)
    guard w == [window.size, window.size, x[3], w[3]] else {
      throw mismatch("weights [\(window.size), \(window.size), \(x[3]), O]", inputs)
    }
    let (height, width) = (window.count(over: x[1]), window.count(over: x[2]))
    guard height > 0, width > 0 else {
      throw mismatch("images of at least \(window.size) × \(window.size)", inputs)
    }
    return try epilogueTypes([x[0], height, width, w[3]], inputs)
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let dy = try plainGradient(call)
    let (x, w) = (call.inputs[0], call.inputs[1])
    // dw comes first, as for a product: dy is still in the cache.
    var (dx, dw): (TensorID?, TensorID?)
    if call.wanted[1] {
      dw = try graph.add(.conv2DWeightGradient(Conv2DWeightGradient(window)), [x, dy])[0]
    }
    if call.wanted[0] {
      let shape = graph.shape(x)
      let gradient = Conv2DInputGradient(window, height: shape[1], width: shape[2])
      dx = try graph.add(.conv2DInputGradient(gradient), [dy, w])[0]
    }
    return [dx, dw]
  }

  /// `2 K² C` per result; windows over the border count in full.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    cappedProduct([2, outputs[0].count, window.size, window.size, inputs[0][3]])
  }
}

/// The adjoint of a convolution with respect to its images, which is also a transposed convolution:
/// `dx[n, s·i + k − p, s·j + l − p, c] = epilogue(Σ dy[n, i, j, o] · w[k, l, c, o])`.
///
/// The sum runs over `o` and all `i`, `k`, `j`, `l` that meet in the same pixel.
/// - `dy`: `[N, H′, W′, O]`; `w`: `[K, K, C, O]`. Result: `[N, H, W, C]`.
/// - Then the operands of the epilogue; its bias is `[C]`.
/// - Gradient by `dy`: `Conv2D` of the result's gradient with `w`; by `w`: `Conv2DWeightGradient`
///   of the result's gradient and `dy`.
package struct Conv2DInputGradient: EpilogueOperation, DifferentiableOperation {
  package let window: Window
  /// `H`
  package let height: Int
  /// `W`
  package let width: Int
  package var epilogue: Epilogue

  package init(_ window: Window, height: Int, width: Int, epilogue: Epilogue = .init()) {
    self.window = window
    self.height = height
    self.width = width
    self.epilogue = epilogue
  }

  package var op: Op { .conv2DInputGradient(self) }
  package var name: String { "conv2DInputGradient(\(window))" + epilogue.suffix }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count >= 2, inputs[0].shape.rank == 4, inputs[1].shape.rank == 4 else {
      throw mismatch("gradients [N, H′, W′, O] and weights [K, K, C, O]", inputs)
    }
    let (dy, w) = (inputs[0].shape, inputs[1].shape)
    let wanted: Shape = [dy[0], window.count(over: height), window.count(over: width), w[3]]
    guard w == [window.size, window.size, w[2], dy[3]], dy == wanted else {
      throw mismatch(
        "gradients \(wanted) and weights [\(window.size), \(window.size), C, \(dy[3])]", inputs)
    }
    return try epilogueTypes([dy[0], height, width, w[2]], inputs)
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let dz = try plainGradient(call)
    let (dy, w) = (call.inputs[0], call.inputs[1])
    var (byInput, byWeight): (TensorID?, TensorID?)
    if call.wanted[1] {
      byWeight = try graph.add(.conv2DWeightGradient(Conv2DWeightGradient(window)), [dz, dy])[0]
    }
    if call.wanted[0] { byInput = try graph.add(.conv2D(Conv2D(window)), [dz, w])[0] }
    return [byInput, byWeight]
  }

  /// The same as those of the convolution.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    2 * inputs[0].count * window.size * window.size * outputs[0][3]
  }
}

/// The adjoint of a convolution with respect to its weights:
/// `dw[k, l, c, o] = epilogue(Σ x[n, s·i + k − p, s·j + l − p, c] · dy[n, i, j, o])`, over `n`,
/// `i`, `j`.
/// - `x`: `[N, H, W, C]`; `dy`: `[N, H′, W′, O]`. Result: `[K, K, C, O]`.
/// - Then the operands of the epilogue; in training this is at most an addend.
package struct Conv2DWeightGradient: EpilogueOperation {
  package let window: Window
  package var epilogue: Epilogue

  package init(_ window: Window, epilogue: Epilogue = .init()) {
    self.window = window
    self.epilogue = epilogue
  }

  package var op: Op { .conv2DWeightGradient(self) }
  package var name: String { "conv2DWeightGradient(\(window))" + epilogue.suffix }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count >= 2, inputs[0].shape.rank == 4, inputs[1].shape.rank == 4 else {
      throw mismatch("images [N, H, W, C] and gradients [N, H′, W′, O]", inputs)
    }
    let (x, dy) = (inputs[0].shape, inputs[1].shape)
    let wanted: Shape = [x[0], window.count(over: x[1]), window.count(over: x[2]), dy[3]]
    guard dy == wanted else { throw mismatch("gradients \(wanted)", inputs) }
    return try epilogueTypes([window.size, window.size, x[3], dy[3]], inputs)
  }

  /// The same as those of the convolution.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    2 * inputs[1].count * window.size * window.size * inputs[0][3]
  }
}
