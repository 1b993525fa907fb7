/// How new pixels are computed from old ones.
package enum Interpolation: String, Hashable, Sendable, CaseIterable {
  /// Pixel `i` is old pixel `i / factor`.
  case nearest
  /// Pixel `i` is at `u = (i + ½) / factor − ½` between old pixels `⌊u⌋` and `⌊u⌋ + 1`, both
  /// clamped to the image, with weights `1 − (u − ⌊u⌋)` and `u − ⌊u⌋`; the same along both axes.
  case bilinear
}

/// Images enlarged `factor` times in height and width, like Keras's `UpSampling2D`.
/// - `x`: `[N, H, W, C]`. Result: `[N, factor · H, factor · W, C]`.
/// - Gradient: by `Upsample2DGradient`.
package struct Upsample2D: DifferentiableOperation {
  package let factor: Int
  package let interpolation: Interpolation

  package init(_ factor: Int, _ interpolation: Interpolation) {
    precondition(factor >= 1, "the factor must be a positive whole number")
    self.factor = factor
    self.interpolation = interpolation
  }

  package var name: String { "upsample2D(\(factor), \(interpolation.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 4 else {
      throw mismatch("images [N, H, W, C]", inputs)
    }
    let x = inputs[0].shape
    return [TensorType([x[0], factor * x[1], factor * x[2], x[3]])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    let gradient = Upsample2DGradient(factor, interpolation)
    return try graph.add(.upsample2DGradient(gradient), [dy])
  }
}

/// The adjoint of an upsampling: for each old pixel, the sum of `weight · dy` over the new pixels
/// computed from it.
/// - `dy`: `[N, factor · H, factor · W, C]`. Result: `[N, H, W, C]`.
package struct Upsample2DGradient: Operation {
  package let factor: Int
  package let interpolation: Interpolation

  package init(_ factor: Int, _ interpolation: Interpolation) {
    self.factor = factor
    self.interpolation = interpolation
  }

  package var name: String { "upsample2DGradient(\(factor), \(interpolation.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 4, inputs[0].shape[1] % factor == 0,
      inputs[0].shape[2] % factor == 0
    else { throw mismatch("images whose sides are multiples of \(factor)", inputs) }
    let dy = inputs[0].shape
    return [TensorType([dy[0], dy[1] / factor, dy[2] / factor, dy[3]])]
  }
}
