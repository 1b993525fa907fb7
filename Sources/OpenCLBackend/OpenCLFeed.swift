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

  private let backend: OpenCLBackend
  /// Made when it is first used.
  private var upload: Upload?

  init(_ feed: Feed, _ layout: FeedLayout, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.backend = backend
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
  ) throws {
    try write(labels: labels)
    try layout.withBytes(of: values) { bytes in
      try expect(bytes.count, layout.examples.byteCount, "the bytes of the \(feed) examples")
      try examples.write(bytes)
    }
    self.starts = starts
    try setOrder(ownOrder)
  }

  func write(labels: [Int32]?) throws(OpenCLError) {
    try self.labels.write(layout.checked(labels))
  }

  /// Writes rows of the examples while plans run; see `Store.fill`.
  func upload(
    _ rows: Range<Int>, _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    let type = layout.examples
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= type.shape[0], "the feed has no rows \(rows)")
    let upload =
      try self.upload ?? Upload(examples, rowByteCount: type.byteCount / type.shape[0], backend)
    self.upload = upload
    try upload.run(rows, read)
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
