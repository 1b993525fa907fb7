/// How a window's pixels are combined.
package enum Pooling: String, Hashable, Sendable, CaseIterable {
  /// Their maximum.
  case maximum
  /// The mean of those within the image.
  case average
}

/// One pixel per window and channel. Pixels outside of the image do not count.
/// - `x`: `[N, H, W, C]`. Result: `[N, H′, W′, C]`.
/// - Gradient: by `Pool2DGradient`.
package struct Pool2D: DifferentiableOperation {
  package let pooling: Pooling
  package let window: Window

  package init(_ pooling: Pooling, _ window: Window) {
    self.pooling = pooling
    self.window = window
  }

  package var name: String { "\(pooling.rawValue)Pool2D(\(window))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 4 else {
      throw mismatch("images [N, H, W, C]", inputs)
    }
    let x = inputs[0].shape
    let (height, width) = (window.count(over: x[1]), window.count(over: x[2]))
    guard height > 0, width > 0 else {
      throw mismatch("images of at least \(window.size) × \(window.size)", inputs)
    }
    return [TensorType([x[0], height, width, x[3]])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    let shape = graph.shape(call.inputs[0])
    let gradient = Pool2DGradient(pooling, window, height: shape[1], width: shape[2])
    // The gradient of a mean does not need the images.
    let operands = pooling == .maximum ? [dy, call.inputs[0]] : [dy]
    return try graph.add(.pool2DGradient(gradient), operands)
  }

  /// `K²` per result.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    cappedProduct([outputs[0].count, window.size, window.size])
  }
}

/// The gradient of a pooling with respect to its images: for each pixel, the sum over the windows
/// that contain it.
///
/// For a maximum, `dy` of a window goes to its first largest pixel, in row-major order; for an
/// average, in equal parts to its pixels within the image.
/// - `dy`: `[N, H′, W′, C]`; for the maximum then `x`: `[N, H, W, C]`. Result: `[N, H, W, C]`.
package struct Pool2DGradient: Operation {
  package let pooling: Pooling
  package let window: Window
  /// `H`
  package let height: Int
  /// `W`
  package let width: Int

  package init(_ pooling: Pooling, _ window: Window, height: Int, width: Int) {
    self.pooling = pooling
    self.window = window
    self.height = height
    self.width = width
  }

  package var name: String { "\(pooling.rawValue)Pool2DGradient(\(window))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard let dy = inputs.first?.shape, dy.rank == 4 else {
      throw mismatch("gradients [N, H′, W′, C]", inputs)
    }
    let x: Shape = [dy[0], height, width, dy[3]]
    let wanted: Shape = [dy[0], window.count(over: height), window.count(over: width), dy[3]]
    guard inputs.map(\.shape) == (pooling == .maximum ? [wanted, x] : [wanted]) else {
      throw mismatch("gradients \(wanted)" + (pooling == .maximum ? ", images \(x)" : ""), inputs)
    }
    return [TensorType(x)]
  }

  /// `K²` per window.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    cappedProduct([inputs[0].count, window.size, window.size])
  }
}
