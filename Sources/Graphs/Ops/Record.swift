/// Ends a phase of a step: writes its losses to their columns of row `row` of the feed's log,
/// checks for values that are not finite, and, in the last phase, increments the feed's `row` and
/// `step`.
///
/// If a loss or a gradient element of the training feed is not finite, its step and phase (counted
/// from 0) are stored, only the first time, and from then on `Update` does nothing.
/// - `losses`: `partCount` scalars; then the gradients. No result.
package struct Record: Operation {
  package let feed: Feed
  package let partCount: Int
  /// The log's column of the first loss.
  package let firstColumn: Int
  /// The phase's index in the step.
  package let phase: Int
  /// Whether it is the last phase of a step, which increments the counters.
  package let isLast: Bool

  package init(
    feed: Feed, partCount: Int, firstColumn: Int = 0, phase: Int = 0, isLast: Bool = true
  ) {
    self.feed = feed
    self.partCount = partCount
    self.firstColumn = firstColumn
    self.phase = phase
    self.isLast = isLast
  }

  package var name: String { "record" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count >= partCount, inputs.prefix(partCount).allSatisfy({ $0.shape == [] }) else {
      throw mismatch("\(partCount) scalars, then gradients", inputs)
    }
    return []
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    inputs.map(\.count).reduce(0, +)
  }
}
