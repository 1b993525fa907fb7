/// The error of a reconstruction, element by element.
package enum ReconstructionError: String, Hashable, Sendable, CaseIterable {
  /// `(x − t)²`
  case squaredError
  /// `−t log x − (1 − t) log(1 − x)`, with logarithms of at least −100 (as in PyTorch).
  case binaryCrossEntropy
  /// The same of `sigmoid(x)`: `max(x, 0) − x t + log(1 + e^−|x|)`.
  case binaryCrossEntropyWithLogits

  /// Its index, which kernels (`losses.cl`) and loops (`CLoops.h`) use.
  package var number: Int { Self.allCases.firstIndex(of: self)! }
}

/// How the errors of elements are combined to one number.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  /// The mean over all elements: divided by `N · I`.
  case mean
  /// The sum.
  case sum
  /// The sum within an example, averaged over the batch: divided by `N`.
  case batchMean

  /// The factor for the sum over all elements of `shape` (`[N, …]`).
  package func factor(of shape: Shape) -> Double {
    switch self {
    case .mean: 1 / Double(max(shape.count, 1))
    case .sum: 1
    case .batchMean: 1 / Double(max(shape.dimensions.first ?? 1, 1))
    }
  }
}

/// The factor that converts the sum of errors to a loss.
package struct LossScale: Hashable, Sendable {
  package let reduction: Reduction
  /// If targets may be missing, the fraction of all examples' values that is not missing; `nil` if
  /// there is no mask.
  ///
  /// A mean is then taken over `N · I · presentShare` values, the average number of values in a
  /// batch. So the mean over an epoch, with each step weighted by its examples, is `Σ error /
  /// count` over all values that are not missing, and all of them have equal weight.
  package let presentShare: Double?

  package init(_ reduction: Reduction, presentShare: Double? = nil) {
    self.reduction = reduction
    self.presentShare = presentShare
  }

  package var isMasked: Bool { presentShare != nil }

  /// The factor for the sum over all elements of `shape` (`[N, …]`).
  package func factor(of shape: Shape) -> Double {
    let factor = reduction.factor(of: shape)
    guard reduction == .mean, let presentShare, presentShare > 0 else { return factor }
    return factor / presentShare
  }

  var suffix: String { isMasked ? "(\(reduction.rawValue), masked)" : "(\(reduction.rawValue))" }

  /// Whether these are a reconstruction, a target and, if there is one, a mask.
  fileprivate func accepts(_ inputs: some RandomAccessCollection<TensorType>) -> Bool {
    guard let x = inputs.first, x.shape.rank >= 1 else { return false }
    return inputs.count == operandCount && inputs.allSatisfy { $0 == x }
  }

  /// The number of operands before the gradient of the loss.
  package var operandCount: Int { isMasked ? 3 : 2 }

  fileprivate var operands: String {
    isMasked
      ? "a reconstruction, a target and a mask of one shape [N, …]"
      : "a reconstruction and a target of one shape [N, …]"
  }
}

/// `loss = factor · Σ mask · error(x, t)`.
/// - `x`, `t`: `[N, …]`, the reconstruction and its target; then, if targets may be missing,
///   `mask`: `[N, …]`, 1 for a value, 0 for a missing one. Result: `[]`.
/// - Gradient: `dx = factor · mask · ∂error/∂x · dLoss`; target and mask are data and receive none.
package struct ReconstructionLoss: DifferentiableOperation {
  package let error: ReconstructionError
  package let scale: LossScale

  package init(_ error: ReconstructionError, _ scale: LossScale) {
    self.error = error
    self.scale = scale
  }

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.init(error, LossScale(reduction))
  }

  package var name: String { error.rawValue + scale.suffix }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard scale.accepts(inputs) else { throw mismatch(scale.operands, inputs) }
    return [TensorType([])]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dLoss = call.outputGradients[0], !call.wanted.dropFirst().contains(true) else {
      throw .notDifferentiable(op: "\(name) by its target")
    }
    let gradient = Op.reconstructionLossGradient(ReconstructionLossGradient(error, scale))
    let dx = try graph.add(gradient, call.inputs + [dLoss])[0]
    return [dx] + call.inputs.dropFirst().map { _ in nil }
  }
}

/// `dx = factor · mask · ∂error/∂x · dLoss`.
///
/// squaredError `2 (x − t)`; binaryCrossEntropy `(x − t) / max(x (1 − x), 1e-12)`;
/// binaryCrossEntropyWithLogits `sigmoid(x) − t`.
/// - `x`, `t` and, if there is one, `mask`: `[N, …]`; `dLoss`: `[]`. Result: the shape of `x`.
package struct ReconstructionLossGradient: Operation {
  package let error: ReconstructionError
  package let scale: LossScale

  package init(_ error: ReconstructionError, _ scale: LossScale) {
    self.error = error
    self.scale = scale
  }

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.init(error, LossScale(reduction))
  }

  package var name: String { "\(error.rawValue)Gradient\(scale.suffix)" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard scale.accepts(inputs.dropLast()), inputs.last?.shape == [] else {
      throw mismatch("\(scale.operands), and a scalar", inputs)
    }
    return [inputs[0]]
  }
}

/// Loss and gradient in one pass over `x` and `t`; made by fusion.
/// - Operands: those of the gradient. Results: the loss `[]`, and `dx` of the shape of `x`.
package struct ReconstructionLossWithGradient: Operation {
  package let error: ReconstructionError
  package let scale: LossScale

  package init(_ error: ReconstructionError, _ scale: LossScale) {
    self.error = error
    self.scale = scale
  }

  package init(_ error: ReconstructionError, _ reduction: Reduction) {
    self.init(error, LossScale(reduction))
  }

  package var name: String { "\(error.rawValue)WithGradient\(scale.suffix)" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    let dx = try ReconstructionLossGradient(error, scale).outputTypes(of: inputs)
    return [TensorType([])] + dx
  }
}
