/// Batch normalization in training (Ioffe and Szegedy 2015, algorithm 1):
/// `y[…, c] = γ[c] (x[…, c] − μ[c]) / √(v[c] + ε) + β[c]`.
///
/// `μ[c]` and `v[c]` are mean and variance over all `M` elements of the channel,
/// `v = Σ (x − μ)² / M`.
/// - `x`: `[…, C]`; `gamma`, `beta`: `[C]`. Results: `y` `[…, C]`, `mean` `[C]`, `variance` `[C]`.
/// - Gradient of `y`: by `BatchNormGradient`; mean and variance are only read by
///   `UpdateStatistics`.
package struct BatchNorm: DifferentiableOperation {
  package let epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }
  package var name: String { "batchNorm" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 3, inputs[0].shape.rank >= 2,
      inputs.dropFirst().allSatisfy({ $0.shape == [inputs[0].shape.columns] })
    else { throw mismatch("x […, C], gamma [C] and beta [C]", inputs) }
    return [inputs[0], inputs[1], inputs[1]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.outputGradients[1...].allSatisfy({ $0 == nil })
    else { throw .notDifferentiable(op: "\(name)'s mean or variance") }
    let operands = [dy] + call.inputs[0...1] + call.outputs[1...2]
    let found = try graph.add(.batchNormGradient(BatchNormGradient(epsilon: epsilon)), operands)
    return zip(found, call.wanted).map { $1 ? $0 : nil }
  }

  /// Mean, variance and result: 8 per element.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    8 * inputs[0].count
  }
}

/// With `x̂ = (x − μ) / √(v + ε)`: `dβ = Σ dy`, `dγ = Σ dy · x̂`, and
/// `dx = γ / √(v + ε) · (dy − dβ / M − x̂ · dγ / M)`.
/// - `dy`, `x`: `[…, C]`; `gamma`, `mean`, `variance`: `[C]`. Results: `dx` `[…, C]`, `dγ` `[C]`,
///   `dβ` `[C]`.
package struct BatchNormGradient: Operation {
  package let epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }
  package var name: String { "batchNormGradient" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, inputs[0] == inputs[1], inputs[0].shape.rank >= 2,
      inputs.dropFirst(2).allSatisfy({ $0.shape == [inputs[0].shape.columns] })
    else { throw mismatch("dy and x […, C]; gamma, mean and variance [C]", inputs) }
    return [inputs[0], inputs[2], inputs[2]]
  }

  /// 10 per element.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    10 * inputs[0].count
  }
}

/// Batch normalization with given statistics:
/// `y[…, c] = γ[c] (x[…, c] − μ[c]) / √(v[c] + ε) + β[c]`.
/// - `x`: `[…, C]`; `gamma`, `beta`, `mean`, `variance`: `[C]`. Result: `[…, C]`.
/// - Gradient: if the statistics are those of the batch of all ranks, that of `BatchNorm`, with sums
///   over all ranks in `dx`; mean and variance receive none.
package struct BatchNormInference: DifferentiableOperation {
  package let epsilon: Double
  /// `M`: the rows of all ranks if the statistics are theirs; `nil` for statistics that are given.
  package let wholeRows: Int?

  package init(epsilon: Double, wholeRows: Int? = nil) {
    self.epsilon = epsilon
    self.wholeRows = wholeRows
  }

  package var name: String { "batchNormInference" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 5, inputs[0].shape.rank >= 2,
      inputs.dropFirst().allSatisfy({ $0.shape == [inputs[0].shape.columns] })
    else { throw mismatch("x […, C]; gamma, beta, mean and variance [C]", inputs) }
    return [inputs[0]]
  }

  /// `dx = γ / √(v + ε) · (dy − (x̂ · dγ + dβ) / M)`, with `dγ` and `dβ` of all ranks: `x̂ · dγ + dβ` is a
  /// normalization of `x`, and the product by `γ / √(v + ε)` is another, with mean 0.
  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let wholeRows else { throw .notDifferentiable(op: name) }
    let (x, gamma, mean, variance) = (
      call.inputs[0], call.inputs[1], call.inputs[3], call.inputs[4]
    )
    let dy = call.outputGradients[0]!
    let own = try graph.add(
      .batchNormGradient(BatchNormGradient(epsilon: epsilon)), [dy, x, gamma, mean, variance])
    guard call.wanted[0] else { return [nil, own[1], own[2], nil, nil] }
    let sums = try graph.add(.allReduce(AllReduce(.sum([1, 1]))), [own[1], own[2]])
    let given = Op.batchNormInference(BatchNormInference(epsilon: epsilon))
    let projected = try graph.add(given, [x, sums[0], sums[1], mean, variance])[0]
    let one = graph.add(.constant(1), TensorType([]))
    let zeros = graph.add(.constant(0), TensorType(graph.shape(gamma)))
    let part = try graph.add(.scale(Scale(-1 / Double(wholeRows))), [projected, one])[0]
    let rest = try graph.add(.add(Add()), [dy, part])[0]
    let dx = try graph.add(given, [rest, gamma, zeros, zeros, variance])[0]
    return [dx, own[1], own[2], nil, nil]
  }
}

/// Updates running statistics by those of the batch: `s ← momentum · s + (1 − momentum) ·
/// measured`.
///
/// It comes after the step's record and, like `Update`, does nothing after a non-finite step.
/// - `mean`, `variance`: `[C]`, measured; `runningMean`, `runningVariance`: `[C]`, layer state,
///   which it changes. No result.
package struct UpdateStatistics: Operation {
  package let momentum: Double

  package init(momentum: Double) { self.momentum = momentum }
  package var name: String { "updateStatistics(\(momentum))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 4, Set(inputs).count == 1, inputs[0].shape.rank == 1 else {
      throw mismatch("mean, variance, runningMean and runningVariance [C]", inputs)
    }
    return []
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    6 * inputs[0].count
  }
}
