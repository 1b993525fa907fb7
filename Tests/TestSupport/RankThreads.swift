import Foundation
import Ranks
import Synchronization

/// Ranks as threads of this process.
package enum RankThreads {
  /// Runs `body` as each of `count` ranks at the same time.
  /// - Returns: the results, by rank.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (RankGroup) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(count)
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let done = DispatchGroup()
    for rank in 0..<count {
      done.enter()
      let thread = Thread {
        let transport = ThreadTransport(RankPlace(rank: rank, count: count), meeting)
        let result = Swift.Result { try body(RankGroup(transport)) }
        // The others must not wait for a rank that failed.
        if case .failure = result { meeting.breakUp() }
        results.withLock { $0[rank] = result }
        done.leave()
      }
      thread.stackSize = 16 << 20
      thread.start()
    }
    done.wait()
    return try (0..<count).map { rank in try results.withLock { $0[rank]! }.get() }
  }
}

/// Where the threads wait for each other and add their values, in the order of the ranks.
private final class Meeting: @unchecked Sendable {
  // All of it is read and written with the condition locked.
  private let condition = NSCondition()
  private let count: Int
  private var brought: [Int: [Float]] = [:]
  private var sum: [Float] = []
  private var round = 0
  private var isBroken = false

  init(_ count: Int) { self.count = count }

  func breakUp() {
    condition.lock()
    isBroken = true
    condition.broadcast()
    condition.unlock()
  }

  func sum(_ values: [Float], of rank: Int) -> [Float] {
    condition.lock()
    defer { condition.unlock() }
    let own = round
    brought[rank] = values
    if brought.count == count {
      precondition(
        brought.values.allSatisfy { $0.count == values.count }, "ranks must exchange the same")
      sum = (1..<count).reduce(brought[0]!) { total, rank in
        zip(total, brought[rank]!).map { $0 + $1 }
      }
      brought = [:]
      round += 1
      condition.broadcast()
    }
    while round == own, !isBroken { condition.wait() }
    return isBroken ? values.map { _ in .nan } : sum
  }
}

private final class ThreadTransport: Transport {
  let place: RankPlace
  private let meeting: Meeting

  init(_ place: RankPlace, _ meeting: Meeting) { (self.place, self.meeting) = (place, meeting) }

  func sum(_ values: UnsafeMutableBufferPointer<Float>) {
    _ = values.update(fromContentsOf: meeting.sum(Array(values), of: place.rank))
  }

  func leave(_ code: Int32) {}
  func abort(_ code: Int32) -> Never { preconditionFailure("a rank ended with \(code)") }
}
