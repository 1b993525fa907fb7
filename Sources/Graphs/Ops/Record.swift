/// Ends a step: writes its losses to row `row` of the feed's log, looks for values that are not
/// finite, and counts the feed's `row` and `step` up by one.
///
/// If a loss or an element of a gradient of the training feed is not finite, its step (counted from
/// 0) is noted, the first time only, and from then on `Update` does nothing.
/// - `losses`: `partCount` scalars; then the gradients. No result.
package struct Record: Operation {
  package let feed: Feed
  package let partCount: Int

  package init(feed: Feed, partCount: Int) {
    self.feed = feed
    self.partCount = partCount
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
