/// The value of `q` with the gradient of `x` (van den Oord et al. 2017, section 3.2).
///
/// A view: its result has the memory of `q`, and backends do nothing for it.
/// - `x`, `q`: one shape. Result: `q`.
/// - Gradient: `dx` is `dy`; `q` receives none.
package struct StraightThrough: DifferentiableOperation {
  package init() {}
  package var name: String { "straightThrough" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw mismatch("x and q of one shape", inputs)
    }
    return [inputs[1]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard !call.wanted[1] else { throw .notDifferentiable(op: "\(name) by q") }
    return [call.outputGradients[0], nil]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int { 0 }
}

extension Node {
  /// The operand that the result is a view of: both share memory.
  package var viewedInput: TensorID? {
    switch op {
    case .reshape: inputs[0]
    case .straightThrough: inputs[1]
    default: nil
    }
  }

  /// The results that have the memory of an operand, each with that operand: views, and gradients
  /// that are summed in place.
  package var aliases: [(result: TensorID, operand: TensorID)] {
    if case .allReduce(let op) = op {
      return Array(zip(outputs.suffix(op.inPlaceCount), inputs.suffix(op.inPlaceCount)))
    }
    return viewedInput.map { [(outputs[0], $0)] } ?? []
  }
}
