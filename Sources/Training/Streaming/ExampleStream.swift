import Datasets
import Dispatch
import Graphs
import Plans
import Synchronization

/// Brings stored examples to the device while it computes with earlier ones.
///
/// An epoch is a sequence of windows, and a section of it the steps whose last example is in one
/// window; such a step may have examples of the window before it, too. The device has both, and the
/// next window is read by another thread meanwhile.
final class ExampleStream {
  private let rows: StoredRows
  /// The class of each, if the network reads it.
  private let labels: [Int32]?
  private let feed: Feed
  private let sizes: StreamSizes
  private let batchSize: Int
  private let seed: UInt64
  private let shuffles: Bool
  private let store: any Store
  private let reader = DispatchQueue(label: "ExampleStream")
  /// What each place in the device's memory has, or will have.
  private var slots = [WindowLoad?](repeating: nil, count: StreamSizes.windowsInMemory)
  private var orders: [EpochOrder] = []

  /// `nil` if the examples are in memory.
  /// - Parameter shuffles: by the seed and the epoch.
  init?(
    _ examples: Examples, _ batches: FeedBatches, seed: UInt64, shuffles: Bool,
    labelled: Bool, into store: any Store
  ) {
    guard let rows = examples.stored, let sizes = batches.stream else { return nil }
    (self.rows, self.sizes, batchSize) = (rows, sizes, batches.batchSize)
    (feed, labels) = (batches.feed, labelled ? examples.labels : nil)
    (self.seed, self.shuffles, self.store) = (seed, shuffles, store)
  }

  deinit { finish() }

  /// Waits for what is being read.
  func finish() { for load in slots { load?.group.wait() } }

  /// Reads everything again when it is next needed.
  func forget() {
    finish()
    slots = slots.map { _ in nil }
  }

  /// The order of the examples in an epoch.
  func order(ofEpoch epoch: Int) -> EpochOrder {
    if let known = orders.first(where: { $0.epoch == epoch }) { return known }
    let order = EpochOrder(sizes, seed: seed, epoch: epoch, shuffles: shuffles)
    orders = orders.suffix(1) + [order]
    return order
  }

  /// Makes sure that the device has the examples of a step, and starts to read the next window.
  ///
  /// No step may be running that began before.
  /// - Parameter goesOn: whether another epoch follows.
  /// - Returns: the steps that have their examples, and the place of each example in memory.
  func section(
    ofEpoch epoch: Int, step: Int, goesOn: Bool
  ) throws -> (steps: Range<Int>, order: [Int32]) {
    let order = order(ofEpoch: epoch)
    let end = min((step + 1) * batchSize, sizes.rowCount)
    let window = order.window(of: end - 1)
    let steps = order.steps(ofWindow: window, batchSize: batchSize)
    let first = steps.lowerBound * batchSize
    let needed = (order.window(of: first)...window).map { Window(epoch: epoch, index: $0) }
    let places = needed.map { load($0, keeping: needed) }
    if window + 1 < order.windowCount {
      _ = load(Window(epoch: epoch, index: window + 1), keeping: needed)
    } else if goesOn {
      _ = load(Window(epoch: epoch + 1, index: 0), keeping: needed)
    }
    for place in places { try slots[place]!.wait() }
    try label(zip(places, needed), order)

    var rows = [Int32](repeating: 0, count: sizes.rowsInMemory)
    for (place, window) in zip(places, needed) {
      let start = order.starts[window.index]
      for (index, row) in order.order(ofWindow: window.index).enumerated()
      where start + index >= first && start + index < steps.upperBound * batchSize {
        rows[start + index - first] = Int32(place * sizes.rowsOfAWindow) + row
      }
    }
    return (steps, rows)
  }

  /// Writes the classes of the examples in these slots.
  private func label(
    _ windows: Zip2Sequence<[Int], [Window]>, _ order: EpochOrder
  ) throws {
    guard let labels else { return }
    var found = [Int32](repeating: 0, count: sizes.rowsInMemory)
    for (place, window) in windows {
      var row = place * sizes.rowsOfAWindow
      for part in order.parts(ofWindow: window.index) {
        found.replaceSubrange(row..<row + part.count, with: labels[part])
        row += part.count
      }
    }
    try store.write(labels: found, of: feed)
  }

  /// The slot that has a window; it is read if none has it.
  private func load(_ window: Window, keeping needed: [Window]) -> Int {
    if let place = slots.firstIndex(where: { $0?.window == window }) { return place }
    let place = slots.firstIndex { slot in slot.map { !needed.contains($0.window) } ?? true }!
    // What was read in vain, such as the beginning of an epoch after an interruption.
    slots[place]?.group.wait()
    let load = WindowLoad(window)
    slots[place] = load
    let parts = order(ofEpoch: window.epoch).parts(ofWindow: window.index)
    let job = Reading(
      rows: rows, feed: feed, parts: parts, first: place * sizes.rowsOfAWindow, store: store)
    reader.async(group: load.group) { load.note { try job.run() } }
    return place
  }
}

/// A window of an epoch.
private struct Window: Hashable {
  let epoch: Int
  let index: Int
}

/// A window that is read by another thread.
private final class WindowLoad: Sendable {
  let window: Window
  let group = DispatchGroup()
  private let failure = Mutex<(any Error)?>(nil)

  init(_ window: Window) { self.window = window }

  func note(_ body: () throws -> Void) {
    do { try body() } catch { failure.withLock { $0 = error } }
  }

  /// Waits for it.
  func wait() throws {
    group.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}

/// `@unchecked Sendable`: of the store it uses only `fill`, which may be called by any thread.
private struct Reading: @unchecked Sendable {
  let rows: StoredRows
  let feed: Feed
  let parts: [Range<Int>]
  /// The first row in the device's memory.
  let first: Int
  let store: any Store

  func run() throws {
    let count = parts.map(\.count).reduce(0, +)
    try store.fill(feed, rows: first..<first + count) { range, bytes in
      var start = 0
      var place = 0
      for part in parts {
        let own = range.clamped(to: start..<start + part.count)
        if !own.isEmpty {
          let from = part.lowerBound + own.lowerBound - start
          let count = own.count * rows.rowByteCount
          try rows.read(
            from..<from + own.count,
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count]))
          place += count
        }
        start += part.count
      }
    }
  }
}
