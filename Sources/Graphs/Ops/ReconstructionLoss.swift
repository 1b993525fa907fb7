/// How far a reconstruction lies from its target, element by element.
package enum ReconstructionError: String, Hashable, Sendable, CaseIterable {
  /// `(x − t)²`
  case squaredError
  /// `−t log x − (1 − t) log(1 − x)`, with logarithms no smaller than −100 (as PyTorch has them).
  case binaryCrossEntropy
  /// The same of `sigmoid(x)`: `max(x, 0) − x t + log(1 + e^−|x|)`.
  case binaryCrossEntropyWithLogits
}

/// How element errors become one number.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  /// Over all elements: divided by `N · I`.
  case mean
  /// Added up.
  case sum
  /// Added up within an example, averaged over the batch: divided by `N`.
  case batchMean

  /// What the sum over all elements of `shape` (`[N, …]`) is multiplied by.
  package func factor(of shape: Shape) -> Double {
    switch self {
    case .mean: 1 / Double(max(shape.count, 1))
    case .sum: 1
    case .batchMean: 1 / Double(max(shape.dimensions.first ?? 1, 1))
    }
  }
}

/// `loss = factor · Σ error(x, t)`.
/// - `x`, `t`: `[N, …]`, the reconstruction and its target. Result: `[]`.
/// - Gradient: `dx = factor · ∂error/∂x · dLoss`; the target is data and receives none.
package struct ReconstructionLoss: Operation {
  package let error: ReconstructionError
  package let reduction: Reduction

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.error = error
    self.reduction = reduction
  }

  package var name: String { "\(error.rawValue)(\(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].shape.rank >= 1 else {
      throw mismatch("a reconstruction and a target of one shape [N, …]", inputs)
    }
    return [TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dLoss = call.outputGradients[0], !call.wanted[1] else {
      throw .notDifferentiable(op: "\(name) by its target")
    }
    let gradient = ReconstructionLossGradient(error, reduction)
    return [try graph.add(.reconstructionLossGradient(gradient), call.inputs + [dLoss])[0], nil]
  }
}

/// `dx = factor · ∂error/∂x · dLoss`.
///
/// squaredError `2 (x − t)`; binaryCrossEntropy `(x − t) / max(x (1 − x), 1e-12)`;
/// binaryCrossEntropyWithLogits `sigmoid(x) − t`.
/// - `x`, `t`: `[N, …]`; `dLoss`: `[]`. Result: the shape of `x`.
package struct ReconstructionLossGradient: Operation {
  package let error: ReconstructionError
  package let reduction: Reduction

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.error = error
    self.reduction = reduction
  }

  package var name: String { "\(error.rawValue)Gradient(\(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, inputs[0] == inputs[1], inputs[2].shape == [] else {
      throw mismatch("a reconstruction, a target of its shape and a scalar", inputs)
    }
    return [inputs[0]]
  }
}

/// Both of these in one pass over `x` and `t`: what fusion makes of them.
/// - `x`, `t`: `[N, …]`; `dLoss`: `[]`. Results: the loss `[]`, and `dx` of the shape of `x`.
package struct ReconstructionLossWithGradient: Operation {
  package let error: ReconstructionError
  package let reduction: Reduction

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.error = error
    self.reduction = reduction
  }

  package var name: String { "\(error.rawValue)WithGradient(\(reduction.rawValue))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let dx = try ReconstructionLossGradient(error, reduction).outputTypes(of: inputs)
    return [TensorType([])] + dx
  }
}
