/// Ends a phase of a step: writes its losses to their columns of row `row` of the feed's log, looks
/// for values that are not finite, and, in the last phase, counts the feed's `row` and `step` up by
/// one.
///
/// If a loss or an element of a gradient of the training feed is not finite, its step and phase
/// (counted from 0) are noted, the first time only, and from then on `Update` does nothing.
/// - `losses`: `partCount` scalars; then the gradients. No result.
package struct Record: Operation {
  package let feed: Feed
  package let partCount: Int
  /// The log's column of the first loss.
  package let firstColumn: Int
  /// The phase's number in a step.
  package let phase: Int
  /// Whether it is the last phase of a step, which counts up.
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
