/// `N(0, 1)`, drawn by Philox4x32-10 from (the run's seed; `stream`, step, element), the last two as
/// `numbering` says.
/// - No operands. Result: `shape`; `[N, …]` where rows are numbered.
package struct Normal: Operation {
  package let shape: Shape
  package let stream: UInt32
  /// Whose counters number the draw.
  package let feed: Feed
  package let numbering: Numbering

  package init(_ shape: Shape, stream: UInt32, feed: Feed, numbering: Numbering = .step) {
    self.shape = shape
    self.stream = stream
    self.feed = feed
    self.numbering = numbering
  }

  package var name: String { "normal(stream \(stream)\(numbering.suffix))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.isEmpty else { throw mismatch("no operands", inputs) }
    guard numbering == .step || (shape.rank >= 1 && shape[0] % numbering.drawCount == 0) else {
      throw mismatch("a shape [N, …], N a multiple of \(numbering.drawCount)", [TensorType(shape)])
    }
    return [TensorType(shape)]
  }
}
