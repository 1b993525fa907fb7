import Graphs
import Plans

/// One feed's memory on the device: examples, their order, the loss log.
final class OpenCLFeed {
  let feed: Feed
  let layout: FeedLayout
  let examples: Buffer
  let order: Buffer
  let log: Buffer

  init(_ feed: Feed, _ layout: FeedLayout, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.feed = feed
    self.layout = layout
    let (type, count) = (layout.examples, layout.examples.shape.dimensions.first ?? 1)
    examples = try backend.makeBuffer(
      "the \(feed) examples", count: type.shape.count, bytesEach: type.elementType.byteCount,
      fill: 0)
    order = try backend.makeBuffer("the order of the \(feed) examples", count: count, fill: nil)
    log = try backend.makeBuffer(
      "the \(feed) losses", count: layout.stepCount * layout.partCount, fill: 0)
    try order.write((0..<Int32(count)).map(\.self))
  }

  func load(_ values: ExampleElements) throws(OpenCLError) {
    let expected = layout.examples.shape.count
    switch values {
    case .bytes(let bytes):
      precondition(layout.examples.elementType == .uint8, "the layout has examples of bytes")
      try expect(bytes.count, expected, "the \(feed) examples")
      try examples.write(bytes)
    case .floats(let floats):
      precondition(layout.examples.elementType == .float32, "the layout has examples of floats")
      try expect(floats.count, expected, "the \(feed) examples")
      try examples.write(floats)
    }
  }

  func setOrder(_ indices: [Int32]) throws(OpenCLError) {
    let count = layout.examples.shape.dimensions.first ?? 1
    try expect(indices.count, count, "the order of the \(feed) examples")
    precondition(
      indices.allSatisfy { (0..<Int32(count)).contains($0) }, "an order names examples there are")
    try order.write(indices)
  }

  private func expect(_ received: Int, _ expected: Int, _ what: String) throws(OpenCLError) {
    guard received == expected else {
      throw .size(of: what, expected: expected, received: received)
    }
  }
}
