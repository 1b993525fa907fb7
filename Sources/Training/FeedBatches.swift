import Datasets
import Graphs
import Layers
import Plans

/// How a feed's examples are cut into batches: full ones, and a smaller last one where they do not
/// divide evenly.
package struct FeedBatches: Hashable, Sendable {
  package let feed: Feed
  package let exampleCount: Int
  package let elementType: ElementType
  /// The size of a full batch; never above the number of examples.
  package let batchSize: Int
  /// What an element is multiplied by as it is gathered; other numbers than bytes are taken as they
  /// are.
  package let scale: Double

  /// - Parameter byteScale: what bytes are multiplied by.
  package init(
    _ feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int,
    byteScale: Double = 1.0 / 255
  ) {
    self.init(
      feed, exampleCount: exampleCount, elementType: elementType, batchSize: batchSize,
      scale: elementType == .uint8 ? byteScale : 1)
  }

  private init(
    _ feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int, scale: Double
  ) {
    precondition(exampleCount > 0 && batchSize > 0, "a feed has examples")
    self.feed = feed
    self.exampleCount = exampleCount
    self.elementType = elementType
    self.batchSize = min(batchSize, exampleCount)
    self.scale = scale
  }

  package init(_ feed: Feed, _ examples: Examples, batchSize: Int, byteScale: Double) {
    let elementType: ElementType =
      switch examples.elements {
      case .bytes: .uint8
      case .floats: .float32
      }
    self.init(
      feed, exampleCount: examples.count, elementType: elementType, batchSize: batchSize,
      byteScale: byteScale)
  }

  /// Steps of an epoch.
  package var stepCount: Int { (exampleCount + batchSize - 1) / batchSize }
  /// The size of the last batch, where it is smaller than the others.
  package var lastBatchSize: Int? {
    exampleCount % batchSize == 0 ? nil : exampleCount % batchSize
  }

  /// How many examples a step of the epoch takes, counted from 0.
  package func size(ofStep step: Int) -> Int {
    step == stepCount - 1 ? lastBatchSize ?? batchSize : batchSize
  }

  /// A source of batches of this size.
  /// - Parameter stride: how many examples the batches before each take; `nil`: full batches.
  package func source(batchSize size: Int, stride: Int? = nil) -> BatchSource {
    BatchSource(
      feed: feed, exampleCount: exampleCount, elementType: elementType, batchSize: size,
      stride: stride ?? batchSize, scale: scale)
  }

  /// The same examples in batches of another size.
  package func with(batchSize: Int) -> FeedBatches {
    FeedBatches(
      feed, exampleCount: exampleCount, elementType: elementType, batchSize: batchSize,
      scale: scale)
  }

  package func layout(of example: Shape, partCount: Int) -> FeedLayout {
    FeedLayout(
      examples: TensorType(Shape([exampleCount] + example.dimensions), elementType),
      stepCount: stepCount, partCount: partCount)
  }
}
