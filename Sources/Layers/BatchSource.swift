import Graphs

/// The source and size of a step's batch.
package struct BatchSource: Hashable, Sendable {
  package let feed: Feed
  /// The number of examples in the feed.
  package let exampleCount: Int
  package let elementType: ElementType
  package let batchSize: Int
  /// The number of examples in each earlier step.
  package let stride: Int
  /// The factor for bytes when they are gathered.
  package let scale: Double
  /// The fraction of all the feed's values that is not missing, for a masked model.
  package let presentShare: Double
  /// The place of this batch in that of all ranks; `nil` if it is the whole batch.
  package let part: BatchPart?
  /// The memory layout of the examples, if they are windows of a series.
  package let series: SeriesLayout?

  package init(
    feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int, stride: Int,
    scale: Double, presentShare: Double = 1, part: BatchPart? = nil, series: SeriesLayout? = nil
  ) {
    self.part = part
    self.series = series
    self.presentShare = presentShare
    self.feed = feed
    self.exampleCount = exampleCount
    self.elementType = elementType
    self.batchSize = batchSize
    self.stride = stride
    self.scale = scale
  }

  /// The number of examples in the batch of all ranks.
  var wholeSize: Int { part?.wholeSize ?? batchSize }
  private var start: Int { part?.start ?? 0 }

  /// Adds the gather of a batch of examples of this shape.
  /// - Parameter values: the operands of the normalization.
  func gather(
    _ shape: Shape, _ normalization: Normalization, _ values: [TensorID], part: Gather.Part,
    in graph: inout Graph
  ) throws(GraphError) -> TensorID {
    let type =
      series?.rows(ofWindow: shape, elementType)
      ?? TensorType(Shape([exampleCount] + shape.dimensions), elementType)
    let examples = graph.source(.examples(feed), type)
    let order = order(in: &graph)
    let gather = Gather(
      feed: feed, batchSize: batchSize, stride: stride, start: start, scale: scale,
      normalization: normalization, part: part, window: series == nil ? nil : shape)
    return try graph.add(.gather(gather), [examples, order] + values)[0]
  }

  /// Adds the gather of the classes of the same examples.
  func gatherLabels(_ classes: Int, in graph: inout Graph) throws(GraphError) -> TensorID {
    let labels = graph.source(.labels(feed), TensorType([exampleCount], .int32))
    let gather = GatherLabels(
      feed: feed, batchSize: batchSize, stride: stride, start: start, classes: classes)
    return try graph.add(.gatherLabels(gather), [labels, order(in: &graph)])[0]
  }

  private func order(in graph: inout Graph) -> TensorID {
    graph.source(.order(feed), TensorType([exampleCount], .int32))
  }
}

extension Graph {
  /// The tensor with this role; it is added if it does not exist yet.
  fileprivate mutating func source(_ role: Role, _ type: TensorType) -> TensorID {
    tensors.first { $0.role == role && $0.type == type }?.id ?? add(role, type)
  }
}
