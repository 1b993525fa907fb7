import Graphs
import Plans

/// One feed's memory on the device: examples, their order, the loss log.
final class OpenCLFeed {
  let feed: Feed
  let layout: FeedLayout
  let examples: Buffer
  /// The first row of each example of the epoch.
  let order: Buffer
  /// The class of each example, if the layout has labels.
  let labels: Buffer
  let log: Buffer
  /// The first row of each example, if examples are windows of a series.
  private var starts: [Int32]?

  init(_ feed: Feed, _ layout: FeedLayout, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.feed = feed
    self.layout = layout
    let (type, count) = (layout.examples, layout.exampleCount)
    examples = try backend.makeBuffer(
      "the \(feed) examples", count: type.shape.count, bytesEach: type.elementType.byteCount,
      fill: 0)
    order = try backend.makeBuffer("the order of the \(feed) examples", count: count, fill: nil)
    labels = try backend.makeBuffer(
      "the \(feed) labels", count: layout.hasLabels ? count : 0, fill: 0)
    log = try backend.makeBuffer(
      "the \(feed) losses", count: layout.stepCount * layout.partCount, fill: 0)
    try order.write(ownOrder)
  }

  /// The order of the examples in memory.
  private var ownOrder: [Int32] { (0..<Int32(layout.exampleCount)).map(\.self) }

  func load(
    _ values: ExampleElements, starts: [Int32]?, labels: [Int32]?
  ) throws(OpenCLError) {
    try self.labels.write(layout.checked(labels))
    let expected = layout.examples.shape.count
    switch values {
    case .bytes(let bytes):
      precondition(layout.examples.elementType == .uint8, "the layout must have examples of bytes")
      try expect(bytes.count, expected, "the \(feed) examples")
      try examples.write(bytes)
    case .floats(let floats):
      precondition(
        layout.examples.elementType == .float32, "the layout must have examples of floats")
      try expect(floats.count, expected, "the \(feed) examples")
      try examples.write(floats)
    }
    self.starts = starts
    try setOrder(ownOrder)
  }

  func setOrder(_ indices: [Int32]) throws(OpenCLError) {
    try expect(indices.count, layout.exampleCount, "the order of the \(feed) examples")
    try order.write(layout.rows(of: indices, starts))
  }

  private func expect(_ received: Int, _ expected: Int, _ what: String) throws(OpenCLError) {
    guard received == expected else {
      throw .size(of: what, expected: expected, received: received)
    }
  }
}
