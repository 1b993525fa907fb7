/// All steps of a recurrent layer, long short-term memory (Hochreiter and Schmidhuber 1997, with
/// the forget gate of Gers et al. 2000), in one op.
///
/// With `[i, f, g, o]` the gates of step `t`, before their functions `a[n, t] + h[n, t − 1] U`:
/// `c[t] = σ(f) · c[t − 1] + σ(i) · tanh(g)` and `h[t] = σ(o) · tanh(c[t])`; `h` and `c` are 0 before
/// the first step. The formulas and the order of the gates are those of PyTorch and Keras.
/// - `a`: `[N, T, 4H]`, the input's part `x W + b`, computed for all steps by one product; `U`:
///   `[H, 4H]`.
///   Results: `h` `[N, T, H]`; `gates` `[N, T, 4H]`, after their functions; `c` `[N, T, H]`.
/// - Gradient by `a`: `LSTMGradient`; by `U`: the product of the steps before, transposed, with it.
package struct LSTM: DifferentiableOperation {
  package init() {}
  package var name: String { "lstm" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank == 3, inputs[0].shape[2] % 4 == 0 else {
      throw mismatch("a [N, T, 4H] and U [H, 4H]", inputs)
    }
    let (a, units) = (inputs[0].shape, inputs[0].shape[2] / 4)
    guard inputs[1].shape == [units, 4 * units] else {
      throw mismatch("a \(a) and U [\(units), \(4 * units)]", inputs)
    }
    let states = TensorType([a[0], a[1], units])
    return [states, inputs[0], states]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dh = call.outputGradients[0], call.outputGradients[1...].allSatisfy({ $0 == nil })
    else { throw .notDifferentiable(op: "\(name)'s gates or cells") }
    let (u, h, gates, c) = (call.inputs[1], call.outputs[0], call.outputs[1], call.outputs[2])
    let da = try graph.add(.lstmGradient(LSTMGradient()), [dh, gates, c, u])[0]
    let dU = call.wanted[1] ? try graph.recurrentWeightGradient(h, by: da) : nil
    return [call.wanted[0] ? da : nil, dU]
  }

  /// The product of each step, and 10 per element of the state.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (2 * outputs[1][2] + 10) * outputs[0].count
  }
}

/// The gradient of `LSTM` by `a`, from the last step back: with `dh` the gradient of `h[t]` from
/// outside and from step `t + 1`, and `dc` that of `c[t]`, `dc = dc[t + 1] f[t + 1] + dh o tanh′(c)`;
/// then `di = dc g i (1 − i)`, `df = dc c[t − 1] f (1 − f)`, `dg = dc i (1 − g²)`,
/// `do = dh tanh(c) o (1 − o)`, and the gradient that is passed to step `t − 1` is `[di, df, dg,
/// do] Uᵀ`.
/// - `dh`, `c`: `[N, T, H]`; `gates`: `[N, T, 4H]`; `U`: `[H, 4H]`. Result: `da` `[N, T, 4H]`.
package struct LSTMGradient: Operation {
  package init() {}
  package var name: String { "lstmGradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 4, inputs[0].shape.rank == 3, inputs[0] == inputs[2] else {
      throw mismatch("dh and c [N, T, H]", inputs)
    }
    let (dh, units) = (inputs[0].shape, inputs[0].shape[2])
    guard inputs[1].shape == [dh[0], dh[1], 4 * units], inputs[3].shape == [units, 4 * units]
    else { throw mismatch("gates [N, T, \(4 * units)] and U [\(units), \(4 * units)]", inputs) }
    return [inputs[1]]
  }

  /// The product of each step, and 25 per element of the state.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (2 * inputs[1][2] + 25) * inputs[0].count
  }
}

extension Graph {
  /// The gradient of a recurrent weight: `Σ h[n, t − 1]ᵀ da[n, t]`, a product over all steps.
  /// - Parameters:
  ///   - h: `[N, T, H]`
  /// - da: `[N, T, …]`, the gradient of the product of the previous state and the weight.
  mutating func recurrentWeightGradient(
    _ h: TensorID, by da: TensorID
  ) throws(GraphError) -> TensorID {
    let length = shape(h)[1]
    let previous = try add(.unfold1D(Unfold1D(.previous(of: length))), [h])[0]
    let rows = try [previous, da].map { id throws(GraphError) in
      try add(.reshape(Reshape([shape(id).rows, shape(id).columns])), [id])[0]
    }
    return try add(.product(Product(transposeA: true)), rows)[0]
  }
}
