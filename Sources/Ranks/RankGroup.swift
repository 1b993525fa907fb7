import Patience
import Plans

/// The ranks that train a model together, as one of them sees them. Every call that exchanges
/// something is made by all of them in the same order.
package final class RankGroup: Exchange {
  package let place: RankPlace
  private let transport: any Transport
  /// Whether this process was asked to stop.
  private let wantsToStop: () -> Bool
  /// Whether some rank was asked to stop, at the time of the last exchange: all ranks know it after
  /// the same step.
  package private(set) var stops = false
  /// What was exchanged since the last `takeTraffic`.
  private var traffic = Traffic()
  /// The values, followed by the wish to stop.
  private var staging: [Float] = []
  private let clock = ContinuousClock()
  private let watch: PatienceWatch?

  /// - Parameters:
  ///   - patience: how long an exchange may take until `onWait` is told, with the seconds.
  package init(
    _ transport: any Transport, patience: Duration = .seconds(60),
    onWait: (@Sendable (Int) -> Void)? = nil, wantsToStop: @escaping () -> Bool = { false }
  ) {
    place = transport.place
    self.transport = transport
    self.wantsToStop = wantsToStop
    watch = onWait.map { tell in
      PatienceWatch(patience: patience) { if $0.isNew { tell($0.seconds) } }
    }
  }

  /// The exchanges of some steps.
  package struct Traffic: Hashable, Sendable {
    package var byteCount = 0
    /// Including the time of waiting for slower ranks.
    package var seconds = 0.0
  }

  package func sum(_ values: UnsafeMutableBufferPointer<Float>) {
    let start = clock.now
    let count = values.count
    if staging.count != count + 1 { staging = [Float](repeating: 0, count: count + 1) }
    staging.withUnsafeMutableBufferPointer { staged in
      if let source = values.baseAddress {
        staged.baseAddress!.update(from: source, count: count)
      }
      staged[count] = wantsToStop() ? 1 : 0
      watch?.begin("allReduce")
      transport.sum(staged)
      watch?.end()
      if let target = values.baseAddress {
        target.update(from: staged.baseAddress!, count: count)
      }
      stops = staged[count] > 0
    }
    traffic.byteCount += 4 * (count + 1)
    traffic.seconds += (clock.now - start) / .seconds(1)
  }

  /// What was exchanged since the last call.
  package func takeTraffic() -> Traffic {
    defer { traffic = Traffic() }
    return traffic
  }

  /// The numbers of all ranks, by rank: all get the same.
  package func gather(_ number: UInt64) -> [UInt64] {
    // Four pieces of 16 bits, which float32 represents exactly; the other ranks add 0.
    var pieces = [Float](repeating: 0, count: 4 * place.count)
    for piece in 0..<4 {
      pieces[4 * place.rank + piece] = Float(number >> UInt64(16 * piece) & 0xFFFF)
    }
    pieces.withUnsafeMutableBufferPointer { sum($0) }
    return (0..<place.count).map { rank in
      (0..<4).reduce(0) { $0 | UInt64(pieces[4 * rank + $1]) << UInt64(16 * $1) }
    }
  }

  /// The first rank whose number differs from that of rank 0; `nil` if all agree.
  package func firstToDiffer(by number: UInt64) -> Int? {
    let numbers = gather(number)
    return numbers.firstIndex { $0 != numbers[0] }
  }

  /// Completes rows that each rank has computed for its part of them; the others are 0.
  /// - Parameter rows: numbers that float32 represents exactly, as the log of losses has.
  package func complete(_ rows: [Double]) -> [Double] {
    var values = rows.map(Float.init)
    values.withUnsafeMutableBufferPointer { sum($0) }
    return values.map(Double.init)
  }

  package func leave(_ code: Int32) { transport.leave(code) }

  package func abort(_ code: Int32) -> Never { transport.abort(code) }
}
