/// Leaves out some elements: `y[e] = keep[e] ? x[e] · scale : 0` (Srivastava et al. 2014).
///
/// Element `e` is kept where its uniform number of (the run's seed; `stream`, step, `e`), the last
/// two as `numbering` says, is not below `rate`, that is, where the upper 24 of its bits are not
/// below `threshold`. The scale is `1 / (1 − rate)`, so that sums keep their size, or 1: masking
/// noise.
/// - `x`: any shape. Result: the same.
/// - Gradient: the same op on `dy`, which draws the same numbers again.
package struct Dropout: DifferentiableOperation {
  /// The share of elements that is left out, from 0 to below 1.
  package let rate: Double
  package let stream: UInt32
  /// Whose counters number the draw.
  package let feed: Feed
  package let scaled: Bool
  package let numbering: Numbering

  package init(
    rate: Double, stream: UInt32, feed: Feed, scaled: Bool, numbering: Numbering = .step
  ) {
    precondition(0 <= rate && rate < 1, "a dropout rate lies in [0, 1)")
    self.rate = rate
    self.stream = stream
    self.feed = feed
    self.scaled = scaled
    self.numbering = numbering
  }

  package var scale: Double { scaled ? 1 / (1 - rate) : 1 }
  /// `rate · 2²⁴`, rounded up: below it an element's upper 24 bits leave it out.
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
