import Graphs
import Plans

/// The device memory that the plans of one run share.
final class OpenCLStore: Store {
  let layout: StoreLayout
  let backend: OpenCLBackend
  let parameters: Buffer
  let gradients: Buffer
  /// `moments[phase][index]`, for the phase's group.
  let moments: [[Buffer]]
  /// The state of layers.
  let layerState: Buffer
  let feeds: [Feed: OpenCLFeed]
  /// The training feed's table of steps: rows of (learning rate, correction 1, correction 2) for
  /// each phase; after all of them, rows of the ramps' values.
  let schedule: Buffer
  /// Four words per feed (row, step's low and high half, one unused), then: whether there was a
  /// non-finite step (its phase, counted from 1), its low and high half, two words for `record`, and
  /// three for a launch of several phases. As in `state.cl`.
  let state: Buffer

  enum Word {
    static let feed = 4
    static let noted = 8
    static let begun = 13
    static let count = 16
  }

  init(_ layout: StoreLayout, _ backend: OpenCLBackend) throws(OpenCLError) {
    self.layout = layout
    self.backend = backend
    let count = layout.parameters.count
    parameters = try backend.makeBuffer("the parameters", count: count, fill: 0)
    gradients = try backend.makeBuffer("the gradients", count: count, fill: 0)
    var moments: [[Buffer]] = []
    for group in layout.groups {
      var own: [Buffer] = []
      for index in 0..<group.momentCount {
        try own.append(
          backend.makeBuffer("moment \(index + 1)", count: group.range.count, fill: 0))
      }
      moments.append(own)
    }
    self.moments = moments
    layerState = try backend.makeBuffer("the layers' state", count: layout.state.count, fill: 0)
    var feeds: [Feed: OpenCLFeed] = [:]
    for (feed, layout) in layout.feeds { feeds[feed] = try OpenCLFeed(feed, layout, backend) }
    self.feeds = feeds
    schedule = try backend.makeBuffer(
      "the schedule", count: layout.scheduleCount + layout.ramps.count * layout.stepCount, fill: 0)
    state = try backend.makeBuffer("the counters", count: Word.count, fill: 0)
  }

  func feed(_ feed: Feed) -> OpenCLFeed {
    guard let found = feeds[feed] else { preconditionFailure("the store has no \(feed) feed") }
    return found
  }

  func prepare(_ plan: Plan) throws -> any Executable { try OpenCLExecutable(plan, self) }

  func load(
    _ examples: ExampleElements, starts: [Int32]?, labels: [Int32]?, into feed: Feed
  ) throws {
    try self.feed(feed).load(examples, starts: starts, labels: labels)
  }

  func fill(
    _ feed: Feed, rows: Range<Int>,
    _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    try self.feed(feed).upload(rows, read)
  }

  func write(labels: [Int32], of feed: Feed) throws { try self.feed(feed).write(labels: labels) }

  /// Blocking writes, once per epoch.
  func begin(
    _ feed: Feed, from first: Int, at row: Int, step: Int, order: [Int32]?, table: StepTable
  ) throws {
    let memory = self.feed(feed)
    if let order { try memory.setOrder(order) }
    if feed == .training {
      let available = memory.layout.stepCount
      guard table.rows.count <= available else {
        throw OpenCLError.rows(
          of: "the schedule", available: available, received: table.rows.count)
      }
      try schedule.write(
        table.rows.joined().flatMap {
          [Float($0.learningRate), Float($0.correction1), Float($0.correction2)]
        })
      let values = table.values.joined().map(Float.init)
      if !values.isEmpty { try schedule.write(values, at: layout.scheduleCount) }
    }
    let words = [
      UInt32(row), UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32),
      UInt32(first),
    ]
    try state.write(words, at: Word.feed * feed.rawValue)
  }

  func losses(_ feed: Feed, rows: Range<Int>) throws -> [Double] {
    let memory = self.feed(feed)
    let (available, columns) = (memory.layout.stepCount, memory.layout.partCount)
    guard rows.upperBound <= available else {
      throw OpenCLError.rows(
        of: "the \(feed) losses", available: available, received: rows.upperBound)
    }
    return try memory.log.read(
      Float.self, at: rows.lowerBound * columns, count: rows.count * columns
    ).map(Double.init)
  }

  func firstNonFinite() throws -> NonFinite? {
    let words = try state.read(UInt32.self, at: Word.noted, count: 3)
    guard words[0] != 0 else { return nil }
    return NonFinite(step: Int(words[1]) | Int(words[2]) << 32, phase: Int(words[0]) - 1)
  }

  func read(_ buffer: StoreBuffer) throws -> [Double] {
    let (memory, count) = memory(buffer)
    return try memory.read(Float.self, count: count).map(Double.init)
  }

  func write(_ values: [Double], to buffer: StoreBuffer) throws {
    let (memory, count) = memory(buffer)
    guard values.count == count else {
      throw OpenCLError.size(of: memory.name, expected: count, received: values.count)
    }
    try memory.write(values.map(Float.init))
  }

  func floats(_ elements: Range<Int>, of buffer: StoreBuffer) throws -> [Float] {
    try memory(buffer).0.read(Float.self, at: elements.lowerBound, count: elements.count)
  }

  func write(_ values: [Float], to buffer: StoreBuffer, at offset: Int) throws {
    try memory(buffer).0.write(values, at: offset)
  }

  func finish() throws { try backend.queue.finish() }

  private func memory(_ buffer: StoreBuffer) -> (Buffer, count: Int) {
    switch buffer {
    case .parameters: (parameters, layout.parameters.count)
    case .gradients: (gradients, layout.parameters.count)
    case .moment(let index, let phase):
      (moments[phase][index], layout.groups[phase].range.count)
    case .state: (layerState, layout.state.count)
    }
  }
}
