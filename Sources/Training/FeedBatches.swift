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

  package init(_ feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int) {
    precondition(exampleCount > 0 && batchSize > 0, "a feed has examples")
    self.feed = feed
    self.exampleCount = exampleCount
    self.elementType = elementType
    self.batchSize = min(batchSize, exampleCount)
  }

  package init(_ feed: Feed, _ examples: Examples, batchSize: Int) {
    let elementType: ElementType =
      switch examples.elements {
      case .bytes: .uint8
      case .floats: .float32
      }
    self.init(
      feed, exampleCount: examples.count, elementType: elementType, batchSize: batchSize)
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

  /// A source of batches of this size that come after full ones. Bytes become numbers from 0 to 1.
  package func source(batchSize size: Int) -> BatchSource {
    BatchSource(
      feed: feed, exampleCount: exampleCount, elementType: elementType, batchSize: size,
      stride: batchSize, scale: elementType == .uint8 ? 1 / 255 : 1)
  }

  package func layout(of example: Shape, partCount: Int) -> FeedLayout {
    FeedLayout(
      examples: TensorType(Shape([exampleCount] + example.dimensions), elementType),
      stepCount: stepCount, partCount: partCount)
  }
}
