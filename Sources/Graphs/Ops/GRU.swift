/// All steps of a recurrent layer, the gated recurrent unit (Cho et al. 2014), in one op.
///
/// With `[r, z, n]` of step `t`, `q = h[t − 1] U + d`: `r = σ(a_r + q_r)`, `z = σ(a_z + q_z)`,
/// `n = tanh(a_n + r · q_n)` and `h[t] = (1 − z) · n + z · h[t − 1]`; `h` is 0 before the first step.
/// The formulas and the order of the gates are PyTorch's; Keras (with `reset_after`) has `z` first.
/// - `a`: `[N, T, 3H]`, the input's part `x W + b`, computed for all steps by one product; `U`:
///   `[H, 3H]`;
///   `d`: `[3H]`. Results: `h` `[N, T, H]`; `gates` `[N, T, 3H]`, after their functions; `q`
///   `[N, T, H]`, that of `n`.
/// - Gradient by `a` and by `h[t − 1] U + d`: `GRUGradient`; from the latter those by `U` and `d`.
package struct GRU: DifferentiableOperation {
  package init() {}
  package var name: String { "gru" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, inputs[0].shape.rank == 3, inputs[0].shape[2] % 3 == 0 else {
      throw mismatch("a [N, T, 3H], U [H, 3H] and d [3H]", inputs)
    }
    let (a, units) = (inputs[0].shape, inputs[0].shape[2] / 3)
    guard inputs[1].shape == [units, 3 * units], inputs[2].shape == [3 * units] else {
      throw mismatch("a \(a), U [\(units), \(3 * units)] and d [\(3 * units)]", inputs)
    }
    let states = TensorType([a[0], a[1], units])
    return [states, inputs[0], states]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dh = call.outputGradients[0], call.outputGradients[1...].allSatisfy({ $0 == nil })
    else { throw .notDifferentiable(op: "\(name)'s gates") }
    let (u, h) = (call.inputs[1], call.outputs[0])
    let found = try graph.add(.gruGradient(GRUGradient()), [dh] + call.outputs + [u])
    let dU = call.wanted[1] ? try graph.recurrentWeightGradient(h, by: found[1]) : nil
    let dD = call.wanted[2] ? try graph.add(.columnSum(ColumnSum()), [found[1]])[0] : nil
    return [call.wanted[0] ? found[0] : nil, dU, dD]
  }

  /// The product of each step, and 10 per element of the state.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (2 * outputs[1][2] + 10) * outputs[0].count
  }
}

/// The gradient of `GRU`, from the last step back: with `dh` the gradient of `h[t]` from outside and
/// from step `t + 1`: `dn = dh (1 − z) (1 − n²)`, `dz = dh (h[t − 1] − n) z (1 − z)`,
/// `dr = dn q r (1 − r)`; the gradient that is passed to step `t − 1` is `dh z + [dr, dz, dn r]
/// Uᵀ`.
/// - `dh`, `h`, `q`: `[N, T, H]`; `gates`: `[N, T, 3H]`; `U`: `[H, 3H]`. Results: `da`
///   `[dr, dz, dn]` and `dq` `[dr, dz, dn r]`, the gradient of `h[t − 1] U + d`; `[N, T, 3H]` each.
package struct GRUGradient: Operation {
  package init() {}
  package var name: String { "gruGradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, inputs[0].shape.rank == 3, inputs[0] == inputs[1],
      inputs[0] == inputs[3]
    else { throw mismatch("dh, h and q [N, T, H]", inputs) }
    let (dh, units) = (inputs[0].shape, inputs[0].shape[2])
    guard inputs[2].shape == [dh[0], dh[1], 3 * units], inputs[4].shape == [units, 3 * units]
    else { throw mismatch("gates [N, T, \(3 * units)] and U [\(units), \(3 * units)]", inputs) }
    return [inputs[2], inputs[2]]
  }

  /// The product of each step, and 20 per element of the state.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    (2 * inputs[2][2] + 20) * inputs[0].count
  }
}
