import CLoops
import Graphs
import Plans

/// One feed in memory: examples, their order, the counters, the loss log and the table of steps.
final class CPUFeed {
  let layout: FeedLayout
  let examples: CPUMemory
  /// The first row of each example of the epoch.
  let order: CPUMemory
  /// Rows of `partCount` losses.
  let log: CPUMemory
  /// `schedule[step][phase]`
  private(set) var schedule: [[loops_schedule]] = []
  /// `values[step][ramp]`
  private(set) var values: [[Double]] = []
  /// The number of the first example in memory.
  private(set) var first = 0
  /// The feed's step within the epoch, and within the run.
  private(set) var row = 0
  private(set) var step = 0
  /// The first row of each example, if examples are windows of a series.
  private var starts: [Int32]?

  init(_ layout: FeedLayout, _ memory: MemoryTally) throws(CPUError) {
    self.layout = layout
    examples = try CPUMemory(byteCount: layout.examples.byteCount, filler: 0, memory)
    order = try CPUMemory(byteCount: 4 * layout.exampleCount, filler: 0, memory)
    log = try CPUMemory(
      byteCount: 4 * layout.stepCount * layout.partCount, filler: 0xFF, memory)
    setOrder(ownOrder)
  }

  /// The order of the examples in memory.
  private var ownOrder: [Int32] { (0..<Int32(layout.exampleCount)).map(\.self) }

  var indices: UnsafeMutablePointer<Int32> { order.bytes.assumingMemoryBound(to: Int32.self) }

  /// The class of each example, if the layout has labels.
  private(set) var labels: [Int32] = []

  func load(_ elements: ExampleElements, starts: [Int32]?, labels: [Int32]?) {
    write(labels: labels)
    layout.withBytes(of: elements, copyExamples)
    self.starts = starts
    setOrder(ownOrder)
  }

  func write(labels: [Int32]?) { self.labels = layout.checked(labels) }

  private func copyExamples(from source: UnsafeRawBufferPointer) {
    precondition(source.count == examples.byteCount, "examples are \(layout.examples)")
    if let start = source.baseAddress {
      examples.bytes.copyMemory(from: start, byteCount: source.count)
    }
  }

  /// The memory of some rows of the examples.
  func memory(ofRows rows: Range<Int>) -> UnsafeMutableRawBufferPointer {
    let type = layout.examples
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= type.shape[0], "the feed has no rows \(rows)")
    let size = type.byteCount / type.shape[0]
    return UnsafeMutableRawBufferPointer(
      start: examples.bytes + rows.lowerBound * size, count: rows.count * size)
  }

  func begin(from first: Int, at row: Int, step: Int, order: [Int32]?, table: StepTable) {
    self.first = first
    self.row = row
    self.step = step
    if let order { setOrder(order) }
    values = table.values
    schedule = table.rows.map { row in
      row.map {
        loops_schedule(
          learning_rate: Float($0.learningRate), correction1: Float($0.correction1),
          correction2: Float($0.correction2))
      }
    }
  }

  func countUp() {
    row += 1
    step += 1
  }

  private func setOrder(_ order: [Int32]) {
    indices.update(from: layout.rows(of: order, starts), count: order.count)
  }
}
