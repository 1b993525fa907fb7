/// Sets some elements to 0: `y[e] = keep[e] ? x[e] · scale : 0` (Srivastava et al. 2014).
///
/// Element `e` is kept if its uniform random number (from the run's seed, `stream`, step and `e`,
/// the last two by `numbering`) is at least `rate`, that is, if the upper 24 of its bits are at
/// least `threshold`. The scale is `1 / (1 − rate)`, which keeps the expected sum, or 1 for masking
/// noise.
/// - `x`: any shape. Result: the same.
/// - Gradient: the same op on `dy`, with the same random numbers.
package struct Dropout: DifferentiableOperation {
  /// The fraction of elements that is set to 0, from 0 to below 1.
  package let rate: Double
  package let stream: UInt32
  /// The feed whose counters determine the numbers.
  package let feed: Feed
  package let scaled: Bool
  package let numbering: Numbering

  package init(
    rate: Double, stream: UInt32, feed: Feed, scaled: Bool, numbering: Numbering = .step
  ) {
    precondition(0 <= rate && rate < 1, "a dropout rate must be in [0, 1)")
    self.rate = rate
    self.stream = stream
    self.feed = feed
    self.scaled = scaled
    self.numbering = numbering
  }

  package var scale: Double { scaled ? 1 / (1 - rate) : 1 }
  /// `rate · 2²⁴`, rounded up: an element is set to 0 if its upper 24 bits are below it.
  package var threshold: UInt32 { UInt32((rate * 0x1p24).rounded(.up)) }
  package var name: String {
    scaled ? "dropout(\(rate)\(numbering.suffix))" : "mask(\(rate)\(numbering.suffix))"
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 1 else { throw mismatch("one tensor", inputs) }
    guard numbering == .step || inputs[0].shape.rank >= 1 else {
      throw mismatch("a tensor [N, …]", inputs)
    }
    return inputs
  }

  package func gradients(
    _ call: GradientCall, in graph: inout Graph
  ) throws(GraphError) -> [TensorID?] {
    guard let dy = call.outputGradients[0], call.wanted[0] else { return [nil] }
    return try graph.add(.dropout(self), [dy])
  }
}
