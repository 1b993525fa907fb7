import Graphs
import Plans
import Synchronization

/// The shared memory of a run, as arrays.
final class ReferenceStore: Store {
  let layout: StoreLayout
  let memory: MemoryTally
  let exchange: (any Exchange)?
  var parameters: [Double]
  var gradients: [Double]
  /// `moments[phase][index]`, for the phase's group.
  var moments: [[[Double]]]
  var state: [Double]
  var feeds: [Feed: FeedState]
  var nonFinite: NonFinite?
  /// Rows of examples that other threads have written, until the next steps begin.
  private let filled = Mutex<[Filled]>([])

  private struct Filled {
    let feed: Feed
    /// The first element of the examples.
    let first: Int
    let values: [Double]
  }

  /// One feed's examples, order and counters.
  struct FeedState {
    var examples: [Double]
    /// The first row of each example, if examples are windows of a series.
    var starts: [Int32]?
    /// The first row of each example of the epoch.
    var order: [Int32]
    /// The class of each example, if the layout has labels.
    var labels: [Int32] = []
    /// The number of the first example in memory.
    var first = 0
    var row = 0
    var step = 0
    var table = StepTable.empty
    var losses: [Double]
  }

  init(_ layout: StoreLayout, _ memory: MemoryTally, _ exchange: (any Exchange)?) {
    self.layout = layout
    self.memory = memory
    self.exchange = exchange
    let count = layout.parameters.count
    parameters = [Double](repeating: 0, count: count)
    gradients = parameters
    moments = layout.groups.map { group in
      [[Double]](
        repeating: [Double](repeating: 0, count: group.range.count), count: group.momentCount)
    }
    state = [Double](repeating: 0, count: layout.state.count)
    feeds = layout.feeds.mapValues { feed in
      FeedState(
        examples: [], order: (0..<feed.exampleCount).map(Int32.init),
        losses: [Double](repeating: 0, count: feed.stepCount * feed.partCount))
    }
    memory.add(byteCount)
  }

  deinit { memory.remove(byteCount) }

  private var byteCount: Int {
    let feedCount = layout.feeds.values.map {
      $0.examples.shape.count + $0.stepCount * $0.partCount
    }
    let momentCount = layout.groups.map { $0.momentCount * $0.range.count }.reduce(0, +)
    let flatCount = 2 * layout.parameters.count + momentCount + layout.state.count
    return 8 * feedCount.reduce(flatCount, +)
  }

  func prepare(_ plan: Plan) -> any Executable { ReferenceExecutable(plan, self) }

  func load(
    _ examples: ExampleElements, starts: [Int32]?, labels: [Int32]?, into feed: Feed
  ) {
    let layout = layout.feeds[feed]!
    let values = layout.withBytes(of: examples) { layout.examples.elementType.numbers(in: $0) }
    precondition(values.count == layout.examples.shape.count)
    feeds[feed]!.examples = values
    feeds[feed]!.labels = layout.checked(labels)
    feeds[feed]!.starts = starts
    feeds[feed]!.order = layout.rows(of: (0..<Int32(layout.exampleCount)).map(\.self), starts)
  }

  func fill(
    _ feed: Feed, rows: Range<Int>,
    _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    let type = layout.feeds[feed]!.examples
    let size = type.shape.count / type.shape[0]
    var bytes = [UInt8](
      repeating: 0, count: rows.count * size * type.elementType.byteCount)
    let values = try bytes.withUnsafeMutableBytes { bytes in
      try read(0..<rows.count, bytes)
      return type.elementType.numbers(in: UnsafeRawBufferPointer(bytes))
    }
    filled.withLock { $0.append(Filled(feed: feed, first: rows.lowerBound * size, values: values)) }
  }

  /// Takes over the rows that other threads have written.
  private func takeFilled() {
    let new = filled.withLock { filled in
      defer { filled = [] }
      return filled
    }
    for rows in new {
      let count = layout.feeds[rows.feed]!.examples.shape.count
      if feeds[rows.feed]!.examples.isEmpty {
        feeds[rows.feed]!.examples = [Double](repeating: 0, count: count)
      }
      feeds[rows.feed]!.examples.replaceSubrange(
        rows.first..<rows.first + rows.values.count, with: rows.values)
    }
  }

  func write(labels: [Int32], of feed: Feed) {
    feeds[feed]!.labels = layout.feeds[feed]!.checked(labels)
  }

  func begin(
    _ feed: Feed, from first: Int, at row: Int, step: Int, order: [Int32]?, table: StepTable
  ) {
    takeFilled()
    if let order {
      feeds[feed]!.order = layout.feeds[feed]!.rows(of: order, feeds[feed]!.starts)
    }
    feeds[feed]!.first = first
    feeds[feed]!.row = row
    feeds[feed]!.step = step
    feeds[feed]!.table = table
  }

  func losses(_ feed: Feed, rows: Range<Int>) -> [Double] {
    let columns = layout.feeds[feed]!.partCount
    return Array(feeds[feed]!.losses[rows.lowerBound * columns..<rows.upperBound * columns])
  }

  func firstNonFinite() -> NonFinite? { nonFinite }

  func read(_ buffer: StoreBuffer) -> [Double] {
    switch buffer {
    case .parameters: parameters
    case .gradients: gradients
    case .moment(let index, let phase): moments[phase][index]
    case .state: state
    }
  }

  func write(_ values: [Double], to buffer: StoreBuffer) {
    precondition(values.count == read(buffer).count)
    switch buffer {
    case .parameters: parameters = values
    case .gradients: gradients = values
    case .moment(let index, let phase): moments[phase][index] = values
    case .state: state = values
    }
  }

  func floats(_ elements: Range<Int>, of buffer: StoreBuffer) -> [Float] {
    read(buffer)[elements].map(Float.init)
  }

  func write(_ values: [Float], to buffer: StoreBuffer, at offset: Int) {
    func write(_ flat: inout [Double]) {
      for (index, value) in values.enumerated() { flat[offset + index] = Double(value) }
    }
    switch buffer {
    case .parameters: write(&parameters)
    case .gradients: write(&gradients)
    case .moment(let index, let phase): write(&moments[phase][index])
    case .state: write(&state)
    }
  }

  func finish() {}
}

extension ElementType {
  /// The numbers in memory, as doubles.
  fileprivate func numbers(in bytes: UnsafeRawBufferPointer) -> [Double] {
    switch self {
    case .uint8: bytes.map(Double.init)
    case .float32: bytes.assumingMemoryBound(to: Float.self).map(Double.init)
    case .float16, .bfloat16:
      bytes.assumingMemoryBound(to: UInt16.self).map { Double(HalfPrecision.float($0, self)) }
    case .int32: preconditionFailure("examples are not integers")
    }
  }
}
