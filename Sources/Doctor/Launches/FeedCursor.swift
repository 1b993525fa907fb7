import Graphs
import Plans

/// Where a feed is: what a store's counters hold.
struct FeedCursor {
  let feed: Feed
  /// The batch of the epoch, and the step of the run, that comes next.
  var row = 0
  var step = 0
  let table: StepTable

  func begin(in store: any Store, order: [Int32]? = nil) throws {
    try store.begin(feed, at: row, step: step, order: order, table: table)
  }

  mutating func countUp() { (row, step) = (row + 1, step + 1) }
}
