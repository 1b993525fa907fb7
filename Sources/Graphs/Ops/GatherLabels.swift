/// The classes of a batch of a feed's examples: `y[n, c] = 1` where
/// `labels[order[row · stride + start + n]] = c`, else 0, where `row` is the feed's step within the
/// epoch, and `start` the place of a rank's examples in the batch.
/// - `labels`: `[count]`, int32, from 0; `order`: `[count]`, int32.
/// - Result: `[N, classes]`, float32. Data receives no gradient.
package struct GatherLabels: Operation {
  package let feed: Feed
  /// `N`: the number of examples in this step.
  package let batchSize: Int
  /// The number of examples in each earlier step.
  package let stride: Int
  /// The place of the first example in the batch of all ranks.
  package let start: Int
  package let classes: Int

  package init(feed: Feed, batchSize: Int, stride: Int, start: Int = 0, classes: Int) {
    self.feed = feed
    self.batchSize = batchSize
    self.stride = stride
    self.start = start
    self.classes = classes
  }

  package var name: String { "gatherLabels(\(classes))" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs.allSatisfy({ $0.elementType == .int32 && $0.shape.rank == 1 }),
      inputs[0] == inputs[1]
    else {
      throw mismatch("labels int32[count] and their order int32[count]", inputs)
    }
    return [TensorType([batchSize, classes])]
  }
}
