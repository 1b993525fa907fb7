/// Concatenates the columns of two tensors, `y[r] = (a[r], b[r · M / R])`. If `a` has more rows
/// than `b`, such as the pixels of an image or several draws of a code, all rows of one example get
/// the same row of `b`.
/// - `a`: `[…, A]`, `R` rows; `b`: `[M, B]`, where `M` divides `R`. Result: `[…, A + B]`.
/// - Gradient: by `Columns`; of `b` where it has as many rows as `a`.
package struct Concatenate: DifferentiableOperation {
  package init() {}
  package var name: String { "concatenate" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs.allSatisfy({ $0.elementType == .float32 }),
      inputs[0].shape.rank >= 2, inputs[1].shape.rank == 2, inputs[1].shape[0] > 0,
      inputs[0].shape.rows % inputs[1].shape[0] == 0
    else { throw mismatch("a […, A] and b [M, B], whose rows divide those of a", inputs) }
    let columns = inputs[0].shape.columns + inputs[1].shape.columns
    return [TensorType(inputs[0].shape.replacingColumns(by: columns))]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0] else { return [nil, nil] }
    let (a, b) = (graph.shape(call.inputs[0]), graph.shape(call.inputs[1]))
    guard !call.wanted[1] || a.rows == b.rows else {
      throw .notDifferentiable(op: "\(name) by rows that are repeated")
    }
    func columns(_ range: Range<Int>) throws(GraphError) -> TensorID {
      try graph.add(.columns(Columns(range)), [dy])[0]
    }
    return [
      call.wanted[0] ? try columns(0..<a.columns) : nil,
      call.wanted[1] ? try columns(a.columns..<a.columns + b.columns) : nil,
    ]
  }
}

/// Some columns of a tensor, `y[r, c] = x[r, first + c]`.
/// - `x`: `[…, C]`. Result: `[…, range.count]`.
/// - Gradient: `dx` is `dy` between columns of zeros.
package struct Columns: DifferentiableOperation {
  package let range: Range<Int>

  package init(_ range: Range<Int>) { self.range = range }
  package var name: String { "columns(\(range.lowerBound)..<\(range.upperBound))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1, inputs[0].shape.rank >= 2,
      inputs[0].shape.columns >= range.upperBound
    else { throw mismatch("x […, C] of \(range.upperBound) columns or more", inputs) }
    return [TensorType(inputs[0].shape.replacingColumns(by: range.count))]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    let x = graph.shape(call.inputs[0])
    var dx = call.outputGradients[0]!
    if range.lowerBound > 0 {
      let before = x.replacingColumns(by: range.lowerBound)
      let zeros = graph.add(.constant(0), TensorType(before))
      let rows = try graph.add(.reshape(Reshape([x.rows, range.count])), [dx])[0]
      dx = try graph.add(.concatenate(Concatenate()), [zeros, rows])[0]
    }
    if range.upperBound < x.columns {
      let zeros = graph.add(.constant(0), TensorType([x.rows, x.columns - range.upperBound]))
      dx = try graph.add(.concatenate(Concatenate()), [dx, zeros])[0]
    }
    return [dx]
  }
}
