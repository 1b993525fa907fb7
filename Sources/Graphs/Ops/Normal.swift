/// `N(0, 1)`, drawn by Philox4x32-10 from (the run's seed; `stream`, the feed's step, element).
/// - No operands. Result: `shape`.
package struct Normal: Operation {
  package let shape: Shape
  package let stream: UInt32
  /// Whose step counter numbers the draw.
  package let feed: Feed

  package init(_ shape: Shape, stream: UInt32, feed: Feed) {
    self.shape = shape
    self.stream = stream
    self.feed = feed
  }

  package var name: String { "normal(stream \(stream))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.isEmpty else { throw mismatch("no operands", inputs) }
    return [TensorType(shape)]
  }
}
