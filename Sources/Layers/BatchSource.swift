import Graphs

/// Where a step's batch comes from and how large it is.
package struct BatchSource: Hashable, Sendable {
  package let feed: Feed
  /// How many examples the feed has.
  package let exampleCount: Int
  package let elementType: ElementType
  package let batchSize: Int
  /// How many examples the steps before this one take each.
  package let stride: Int
  /// What an element is multiplied by as it is gathered.
  package let scale: Double

  package init(
    feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int, stride: Int,
    scale: Double
  ) {
    self.feed = feed
    self.exampleCount = exampleCount
    self.elementType = elementType
    self.batchSize = batchSize
    self.stride = stride
    self.scale = scale
  }

  /// Adds the gather of a batch of examples of this shape.
  /// - Parameter values: the normalisation's operands.
  func gather(
    _ shape: Shape, _ normalization: Normalization, _ values: [TensorID], in graph: inout Graph
  ) throws(GraphError) -> TensorID {
    let examples = graph.add(
      .examples(feed), TensorType(Shape([exampleCount] + shape.dimensions), elementType))
    let order = graph.add(.order(feed), TensorType([exampleCount], .int32))
    let gather = Gather(
      feed: feed, batchSize: batchSize, stride: stride, scale: scale, normalization: normalization)
    return try graph.add(.gather(gather), [examples, order] + values)[0]
  }
}
