/// The sum of tensors over all ranks, the processes that train one model together; each rank gets
/// the same results.
///
/// - `sum`: `y = Σ factorᵣ · xᵣ`. The shape of `y` is that of `x`.
/// - `rows`: the rows of all ranks, one after the other, each at its place in the whole batch:
///   `y[start + n] = x[n]`. `x`: `[N · k, …]`, `k` rows per example; `y`: `[whole · k, …]`.
///
/// The last `inPlaceCount` operands are a phase's gradients, which their results replace in memory:
/// nothing else may read them.
/// - Operands: any number, float32. Results: one for each operand.
/// - Gradient: `dx = factor · Σ dyᵣ`, for `rows` only of the rank's own rows: the loss is the sum of
///   what the ranks compute.
package struct AllReduce: DifferentiableOperation {
  package enum Kind: Hashable, Sendable {
    /// With this rank's factor for each operand.
    case sum([Double])
    /// This rank has `size` examples of the batch, which has more.
    case rows(of: BatchPart, size: Int)
  }

  package let kind: Kind
  package let inPlaceCount: Int

  package init(_ kind: Kind, inPlaceCount: Int = 0) {
    self.kind = kind
    self.inPlaceCount = inPlaceCount
  }

  package var name: String {
    switch kind {
    case .sum: "allReduce"
    case .rows(let part, let size):
      "allReduce(rows \(part.start)..<\(part.start + size) of \(part.wholeSize))"
    }
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count >= max(inPlaceCount, 1), inputs.allSatisfy({ $0.elementType == .float32 })
    else { throw mismatch("tensors of float32", inputs) }
    switch kind {
    case .sum(let factors):
      guard factors.count == inputs.count else {
        throw mismatch("\(factors.count) tensors", inputs)
      }
      return inputs
    case .rows(let part, let size):
      guard size > 0, inputs.allSatisfy({ $0.shape.rank >= 1 && $0.shape[0] % size == 0 }) else {
        throw mismatch("tensors [\(size) k, …]", inputs)
      }
      return inputs.map { input in
        let rows = input.shape[0] / size * part.wholeSize
        return TensorType(Shape([rows] + input.shape.dimensions.dropFirst()))
      }
    }
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let found = call.inputs.indices.filter { call.wanted[$0] && call.outputGradients[$0] != nil }
    let sum = AllReduce(.sum(found.map { _ in 1 }))
    let sums = try graph.add(.allReduce(sum), found.map { call.outputGradients[$0]! })
    var gradients: [TensorID?] = call.inputs.map { _ in nil }
    for (index, dy) in zip(found, sums) {
      gradients[index] = try own(dy, of: call.inputs[index], index, in: &graph)
    }
    return gradients
  }

  /// The gradient of operand `index`, `x`, from the sum of the ranks' gradients of its result.
  private func own(
    _ dy: TensorID, of x: TensorID, _ index: Int, in graph: inout Graph
  ) throws(GraphError) -> TensorID {
    switch kind {
    case .sum(let factors):
      let one = graph.add(.constant(1), TensorType([]))
      return try graph.add(.scale(Scale(factors[index])), [dy, one])[0]
    case .rows(let part, let size):
      let shape = graph.shape(x)
      let first = part.start * (shape.count / size)
      let flat = try graph.add(.reshape(Reshape([1, graph.shape(dy).count])), [dy])[0]
      let rows = Columns(first..<first + shape.count)
      return try graph.add(.reshape(Reshape(shape)), graph.add(.columns(rows), [flat]))[0]
    }
  }
}

/// The place of a rank's examples in the batch of all ranks.
package struct BatchPart: Hashable, Sendable {
  /// The first example.
  package let start: Int
  /// The number of examples of all ranks.
  package let wholeSize: Int

  package init(start: Int, wholeSize: Int) {
    self.start = start
    self.wholeSize = wholeSize
  }
}
