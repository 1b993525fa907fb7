import Datasets
import Graphs
import Layers
import Plans
import Ranks

/// The batches of a feed: full ones, and a smaller last one if the batch size does not divide the
/// number of examples.
package struct FeedBatches: Hashable, Sendable {
  package let feed: Feed
  package let exampleCount: Int
  package let elementType: ElementType
  /// The size of a full batch; at most the number of examples.
  package let batchSize: Int
  /// The factor for bytes when they are gathered; other numbers are not scaled.
  package let scale: Double

  /// The fraction of the examples' values that is not missing.
  package let presentShare: Double
  /// The memory layout of the examples, if they are windows of a series.
  package let series: SeriesLayout?
  /// How the examples are read while training; `nil` if all of them are in memory.
  package let stream: StreamSizes?

  /// - Parameter byteScale: the factor for bytes.
  package init(
    _ feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int,
    byteScale: Double = 1.0 / 255, series: SeriesLayout? = nil
  ) {
    self.init(
      feed, exampleCount: exampleCount, elementType: elementType, batchSize: batchSize,
      scale: elementType == .uint8 ? byteScale : 1, presentShare: 1, series: series, stream: nil)
  }

  private init(
    _ feed: Feed, exampleCount: Int, elementType: ElementType, batchSize: Int, scale: Double,
    presentShare: Double, series: SeriesLayout?, stream: StreamSizes?
  ) {
    self.series = series
    self.stream = stream
    self.presentShare = presentShare
    precondition(exampleCount > 0 && batchSize > 0, "a feed needs examples")
    self.feed = feed
    self.exampleCount = exampleCount
    self.elementType = elementType
    self.batchSize = min(batchSize, exampleCount)
    self.scale = scale
  }

  package init(_ feed: Feed, _ examples: Examples, batchSize: Int, byteScale: Double) {
    self.init(
      feed, exampleCount: examples.count, elementType: examples.elementType, batchSize: batchSize,
      scale: examples.elementType == .uint8 ? byteScale : 1, presentShare: examples.presentShare,
      series: examples.windows.map {
        SeriesLayout(rowCount: examples.rowCount, window: $0.length)
      },
      stream: examples.stored.map { StreamSizes($0, batchSize: min(batchSize, $0.count)) })
  }

  /// Steps per epoch.
  package var stepCount: Int { (exampleCount + batchSize - 1) / batchSize }
  /// The examples that are in memory at the same time.
  package var countInMemory: Int { stream?.rowsInMemory ?? exampleCount }
  /// Steps whose examples are in memory at the same time, at most.
  private var stepCountInMemory: Int {
    stream.map { min($0.rowsOfAWindow / batchSize + 2, stepCount) } ?? stepCount
  }
  /// The size of the last batch, if it is smaller than the others.
  package var lastBatchSize: Int? {
    exampleCount % batchSize == 0 ? nil : exampleCount % batchSize
  }

  /// The number of examples in a step of the epoch, counted from 0.
  package func size(ofStep step: Int) -> Int {
    step == stepCount - 1 ? lastBatchSize ?? batchSize : batchSize
  }

  /// A source of batches of this size.
  /// - Parameter stride: the number of examples in each earlier batch; `nil`: full batches.
  package func source(batchSize size: Int, stride: Int? = nil) -> BatchSource {
    BatchSource(
      feed: feed, exampleCount: countInMemory, elementType: elementType, batchSize: size,
      stride: stride ?? batchSize, scale: scale, presentShare: presentShare, series: series)
  }

  /// The part of a batch of this size that a rank computes; the whole batch if there are no ranks, or
  /// fewer examples than ranks.
  func source(batchSize size: Int, of place: RankPlace?) -> BatchSource {
    guard let own = place?.examples(of: size) else { return source(batchSize: size) }
    return BatchSource(
      feed: feed, exampleCount: countInMemory, elementType: elementType, batchSize: own.size,
      stride: batchSize, scale: scale, presentShare: presentShare, part: own.part, series: series)
  }

  /// The same examples in batches of another size.
  package func with(batchSize: Int) -> FeedBatches {
    FeedBatches(
      feed, exampleCount: exampleCount, elementType: elementType, batchSize: batchSize,
      scale: scale, presentShare: presentShare, series: series,
      stream: stream?.with(batchSize: min(batchSize, exampleCount)))
  }

  /// The same examples as part of other data with another fraction of values that are not missing.
  func with(presentShare: Double) -> FeedBatches {
    FeedBatches(
      feed, exampleCount: exampleCount, elementType: elementType, batchSize: batchSize,
      scale: scale, presentShare: presentShare, series: series, stream: stream)
  }

  /// Batches of the examples that are in memory at the same time, in the order of the memory.
  var inMemory: FeedBatches {
    stream == nil
      ? self
      : FeedBatches(
        feed, exampleCount: countInMemory, elementType: elementType, batchSize: batchSize,
        scale: scale, presentShare: presentShare, series: series, stream: nil)
  }

  /// The same batches of fewer examples, all of them in memory: no more than so many full ones, and
  /// the smaller last one where there is one.
  package func shortened(toFullBatches count: Int) -> FeedBatches {
    let examples = min(count * batchSize + (lastBatchSize ?? 0), exampleCount)
    return FeedBatches(
      feed, exampleCount: examples, elementType: elementType, batchSize: batchSize, scale: scale,
      presentShare: presentShare,
      series: series.map { SeriesLayout(rowCount: examples + $0.window - 1, window: $0.window) },
      stream: nil)
  }

  /// - Parameter model: what the feed is for.
  package func layout(for model: Model, partCount: Int) -> FeedLayout {
    FeedLayout(
      examples: series?.rows(ofWindow: model.input, elementType)
        ?? TensorType(Shape([countInMemory] + model.input.dimensions), elementType),
      exampleCount: countInMemory, stepCount: stepCountInMemory, partCount: partCount,
      hasLabels: model.classes != nil)
  }
}

extension Examples {
  /// The fraction of values that is not missing (NaN).
  fileprivate var presentShare: Double {
    guard hasMissing else { return 1 }
    if let stored, stored.scaling != nil {
      let count = elements.count
      return Double(count - stored.missingCount) / Double(count)
    }
    guard case .floats(let values) = elements, !values.isEmpty else { return 1 }
    guard let windows else { return Double(values.count { !$0.isNaN }) / Double(values.count) }
    // A value counts once for each window that contains it.
    var before = [0]
    before.reserveCapacity(values.count + 1)
    for value in values { before.append(before.last! + (value.isNaN ? 0 : 1)) }
    let present = windows.starts.indices.reduce(0) { sum, index in
      let rows = windows.rows(index)
      return sum + before[rows.upperBound * rowSize] - before[rows.lowerBound * rowSize]
    }
    return Double(present) / Double(max(count * featureCount, 1))
  }

  /// The element type on a device; doubles are scaled to floats before.
  var elementType: ElementType {
    switch elements {
    case .bytes: .uint8
    case .floats: .float32
    case .doubles: preconditionFailure("doubles must be scaled before they are copied to a device")
    case .stored(let rows): rows.elementAsRead.onADevice
    }
  }
}

extension StoredElement {
  /// The type on a device, where numbers stay as they are read.
  var onADevice: ElementType {
    switch self {
    case .uint8: .uint8
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float64: preconditionFailure("doubles must be scaled before they are copied to a device")
    }
  }
}
