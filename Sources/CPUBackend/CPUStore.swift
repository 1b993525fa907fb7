import CLoops
import Glibc
import Graphs
import Plans

/// The flat buffers and feeds that the plans of one run share. Runs are synchronous, so nothing
/// waits.
final class CPUStore: Store {
  let layout: StoreLayout
  let team: TeamWatch
  let memory: MemoryTally
  let exchange: (any Exchange)?
  let parameters: CPUMemory
  let gradients: CPUMemory
  /// `moments[phase][index]`, for the phase's group.
  let moments: [[CPUMemory]]
  /// The state of layers.
  let state: CPUMemory
  let feeds: [Feed: CPUFeed]
  /// The first step at which a loss or gradient was not finite: from then on, updates do nothing.
  var nonFinite: NonFinite?
  private let reusesArenas: Bool
  /// The arena of an executable that is gone.
  private var spareArena: CPUMemory?

  init(
    _ layout: StoreLayout, team: TeamWatch, _ memory: MemoryTally, _ exchange: (any Exchange)?,
    reusesArenas: Bool
  ) throws(CPUError) {
    self.reusesArenas = reusesArenas
    self.layout = layout
    self.exchange = exchange
    self.memory = memory
    self.team = team
    let byteCount = 4 * layout.parameters.count
    parameters = try CPUMemory(byteCount: byteCount, filler: 0, memory)
    gradients = try CPUMemory(byteCount: byteCount, filler: 0, memory)
    var moments: [[CPUMemory]] = []
    for group in layout.groups {
      var own: [CPUMemory] = []
      for _ in 0..<group.momentCount {
        try own.append(CPUMemory(byteCount: 4 * group.range.count, filler: 0, memory))
      }
      moments.append(own)
    }
    self.moments = moments
    state = try CPUMemory(byteCount: 4 * layout.state.count, filler: 0, memory)
    var feeds: [Feed: CPUFeed] = [:]
    for (feed, layout) in layout.feeds { feeds[feed] = try CPUFeed(layout, memory) }
    self.feeds = feeds
  }

  /// The largest number of threads of a step.
  var threads: Int { team.full }

  func feed(_ feed: Feed) -> CPUFeed {
    guard let found = feeds[feed] else { preconditionFailure("the store has no \(feed) feed") }
    return found
  }

  func prepare(_ plan: Plan) throws -> any Executable { try CPUExecutable(plan, store: self) }

  /// Memory for a plan's tensors. All is NaN, so that elements that no step writes are detected.
  func takeArena(byteCount: Int) throws(CPUError) -> CPUMemory {
    let spare = spareArena
    spareArena = nil
    if let spare, spare.byteCount >= byteCount {
      memset(spare.bytes, 0xFF, byteCount)
      return spare
    }
    return try CPUMemory(byteCount: byteCount, filler: 0xFF, memory)
  }

  /// The larger one is kept.
  func giveBack(_ arena: CPUMemory) {
    guard reusesArenas, arena.byteCount >= spareArena?.byteCount ?? 0 else { return }
    spareArena = arena
  }

  func load(
    _ examples: ExampleElements, starts: [Int32]?, labels: [Int32]?, into feed: Feed
  ) {
    self.feed(feed).load(examples, starts: starts, labels: labels)
  }

  func fill(
    _ feed: Feed, rows: Range<Int>,
    _ read: (Range<Int>, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    try read(0..<rows.count, self.feed(feed).memory(ofRows: rows))
  }

  func write(labels: [Int32], of feed: Feed) { self.feed(feed).write(labels: labels) }

  func begin(
    _ feed: Feed, from first: Int, at row: Int, step: Int, order: [Int32]?, table: StepTable
  ) {
    self.feed(feed).begin(from: first, at: row, step: step, order: order, table: table)
  }

  func losses(_ feed: Feed, rows: Range<Int>) -> [Double] {
    let feed = self.feed(feed)
    let partCount = feed.layout.partCount
    precondition(rows.upperBound <= feed.layout.stepCount, "the log has no rows \(rows)")
    return (feed.log.floats + rows.lowerBound * partCount).doubles(count: rows.count * partCount)
  }

  func firstNonFinite() -> NonFinite? { nonFinite }

  func read(_ buffer: StoreBuffer) -> [Double] {
    let memory = memory(buffer)
    return memory.floats.doubles(count: memory.byteCount / 4)
  }

  func write(_ values: [Double], to buffer: StoreBuffer) {
    let memory = memory(buffer)
    precondition(values.count == memory.byteCount / 4, "a flat buffer must be written as a whole")
    memory.floats.write(values)
  }

  func floats(_ elements: Range<Int>, of buffer: StoreBuffer) -> [Float] {
    let memory = memory(buffer)
    precondition(elements.upperBound <= memory.byteCount / 4, "a flat buffer has no such elements")
    return Array(
      UnsafeBufferPointer(start: memory.floats + elements.lowerBound, count: elements.count))
  }

  func write(_ values: [Float], to buffer: StoreBuffer, at offset: Int) {
    let memory = memory(buffer)
    precondition(
      offset + values.count <= memory.byteCount / 4, "a flat buffer has no such elements")
    (memory.floats + offset).update(from: values, count: values.count)
  }

  func finish() {}

  private func memory(_ buffer: StoreBuffer) -> CPUMemory {
    switch buffer {
    case .parameters: parameters
    case .gradients: gradients
    case .moment(let index, let phase): moments[phase][index]
    case .state: state
    }
  }
}
