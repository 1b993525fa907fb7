/// A batch of a feed's examples: `y[n] = scale · examples[order[row · stride + n]]`, where `row` is the
/// feed's step within the epoch.
/// - `examples`: `[count, …]`, uint8 or float32; `order`: `[count]`, int32. Result: `[N, …]`, float32.
/// - Data receives no gradient.
package struct Gather: Operation {
  package let feed: Feed
  /// `N`: how many examples this step takes.
  package let batchSize: Int
  /// How many examples the steps before it took each; larger than `N` for an epoch's last batch.
  package let stride: Int
  package let scale: Double

  package init(feed: Feed, batchSize: Int, stride: Int, scale: Double) {
    self.feed = feed
    self.batchSize = batchSize
    self.stride = stride
    self.scale = scale
  }

  package var name: String { "gather" }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    guard inputs.count == 2, inputs[0].shape.rank >= 1, inputs[0].elementType != .int32,
      inputs[1].elementType == .int32, inputs[1].shape == [inputs[0].shape[0]]
    else { throw mismatch("examples [count, …] and their order int32[count]", inputs) }
    return [TensorType(Shape([batchSize] + inputs[0].shape.dimensions.dropFirst()))]
  }

  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    outputs[0].count
  }
}
