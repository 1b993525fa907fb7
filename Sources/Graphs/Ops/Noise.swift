/// `y = clip(x + mean + deviation · ε)`; values are clipped to `range`, if there is one.
/// - `x`, `ε`: the same shape, `ε` from `Normal`. Result: the same.
/// - Gradient: `dx = dy`, or 0 for clipped values, by `NoiseGradient`; `ε` receives none.
package struct Noise: DifferentiableOperation {
  package let mean: Double
  package let deviation: Double
  package let range: ClosedRange<Double>?

  package init(mean: Double, deviation: Double, range: ClosedRange<Double>?) {
    self.mean = mean
    self.deviation = deviation
    self.range = range
  }

  package var name: String {
    "noise(\(mean), \(deviation)" + (range.map { ", \($0.lowerBound) to \($0.upperBound)" } ?? "")
      + ")"
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw mismatch("x and ε of one shape", inputs)
    }
    return [inputs[0]]
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard !call.wanted[1] else { throw .notDifferentiable(op: "\(name) by ε") }
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil, nil] }
    guard let range else { return [dy, nil] }
    let gradient = Op.noiseGradient(NoiseGradient(range: range))
    return [try graph.add(gradient, [dy, call.outputs[0]])[0], nil]
  }
}

/// `dx = dy` if `y` is strictly within `range`, 0 if it was clipped.
/// - `dy`, `y`: the same shape. Result: the same.
package struct NoiseGradient: Operation {
  package let range: ClosedRange<Double>

  package init(range: ClosedRange<Double>) { self.range = range }
  package var name: String { "noiseGradient(\(range.lowerBound) to \(range.upperBound))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw mismatch("dy and y of one shape", inputs)
    }
    return [inputs[0]]
  }
}
