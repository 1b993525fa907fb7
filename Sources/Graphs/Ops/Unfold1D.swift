/// The steps of each window as one row: `y[n, i, k · C + c] = x[n, s · i + k − p, c]`, 0 outside of
/// the sequence, with stride `s` and offset `p`.
///
/// It turns a convolution over time into a matrix product, and can also repeat a step, select the
/// last one, or delay a sequence by one step.
/// - `x`: `[N, T, C]`. Result: `[N, count, K · C]`.
/// - Gradient: by `Fold1D`.
package struct Unfold1D: DifferentiableOperation {
  package let windows: StepWindows

  package init(_ windows: StepWindows) { self.windows = windows }
  package var name: String { "unfold1D(\(windows))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 3, windows.count > 0 else {
      throw mismatch("sequences [N, T, C] of at least \(windows.size) steps", inputs)
    }
    let x = inputs[0].shape
    return [TensorType([x[0], windows.count, cappedProduct([windows.size, x[2]])])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.fold1D(Fold1D(windows, length: graph.shape(call.inputs[0])[1])), [dy])
  }
}

/// The adjoint of `Unfold1D`, which sums the values of each step over the windows:
/// `x[n, t, c] = Σ y[n, i, k · C + c]` over all `i` and `k` with `s · i + k − p = t`.
/// - `y`: `[N, count, K · C]`. Result: `[N, length, C]`.
/// - Gradient: by `Unfold1D`.
package struct Fold1D: DifferentiableOperation {
  package let windows: StepWindows
  /// `T`
  package let length: Int

  package init(_ windows: StepWindows, length: Int) {
    self.windows = windows
    self.length = length
  }

  package var name: String { "fold1D(\(windows))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank == 3, inputs[0].shape[1] == windows.count,
      inputs[0].shape[2] % windows.size == 0
    else { throw mismatch("windows [N, \(windows.count), \(windows.size) · C]", inputs) }
    let y = inputs[0].shape
    return [TensorType([y[0], length, y[2] / windows.size])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dx = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.unfold1D(Unfold1D(windows)), [dx])
  }
}
