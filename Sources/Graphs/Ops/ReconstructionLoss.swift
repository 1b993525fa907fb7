/// How far a reconstruction lies from its target, element by element.
package enum ReconstructionError: String, Hashable, Sendable, CaseIterable {
  /// `(x − t)²`
  case squaredError
  /// `−t log x − (1 − t) log(1 − x)`, with logarithms no smaller than −100 (as PyTorch has them).
  case binaryCrossEntropy
  /// The same of `sigmoid(x)`: `max(x, 0) − x t + log(1 + e^−|x|)`.
  case binaryCrossEntropyWithLogits

  /// Its place here: the number that kernels (`losses.cl`) and loops (`CLoops.h`) know it by.
  package var number: Int { Self.allCases.firstIndex(of: self)! }
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

/// What the sum of errors is multiplied by to be a loss.
package struct LossScale: Hashable, Sendable {
  package let reduction: Reduction
  /// Where values of the targets are missing, the share of all examples' values that is there; `nil`
  /// if there is no mask.
  ///
  /// A mean is then taken over what is there: over `N · I · presentShare` values, what a batch has
  /// on average, so that the mean over an epoch, each step weighted by its examples, is
  /// `Σ error / count` of all values that are there, and each of them counts alike.
  package let presentShare: Double?

  package init(_ reduction: Reduction, presentShare: Double? = nil) {
    self.reduction = reduction
    self.presentShare = presentShare
  }

  package var isMasked: Bool { presentShare != nil }

  /// What the sum over all elements of `shape` (`[N, …]`) is multiplied by.
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

  /// How many of its operands come before the gradient of the loss.
  package var operandCount: Int { isMasked ? 3 : 2 }

  fileprivate var operands: String {
    isMasked
      ? "a reconstruction, a target and a mask of one shape [N, …]"
      : "a reconstruction and a target of one shape [N, …]"
  }
}

/// `loss = factor · Σ mask · error(x, t)`.
/// - `x`, `t`: `[N, …]`, the reconstruction and its target; then, where some of the target is
///   missing, `mask`: `[N, …]`, 1 where it is there, 0 elsewhere. Result: `[]`.
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

/// Both of these in one pass over `x` and `t`: what fusion makes of them.
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
