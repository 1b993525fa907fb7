import Ranks
import Reports

extension Trainer {
  /// Throws if the ranks' weights differ, which the same device and driver on all ranks excludes.
  func expectSameWeights() throws {
    guard let ranks else { return }
    let weights = try session.weights()
    if let rank = ranks.firstToDiffer(by: weights.hash64) {
      throw RankError.different(what: "weights after epoch \(epoch)", rank: rank)
    }
  }

  /// The number of steps until losses are read again: all ranks read after the same step, so that they
  /// find one that is not finite at the same time. It follows the speed of the first rank.
  var stepsToRead: Int {
    guard let ranks else { return pace.stepCount }
    return Int(ranks.gather(UInt64(pace.stepCount))[0])
  }

  /// Why training in ranks does not pay, once.
  package func takeTrafficNote() -> String? {
    defer { trafficNote = nil }
    return trafficNote
  }

  /// Compares, after the first epoch, the time of the exchange with that of all else in a step. Alone,
  /// a step would take all else once for each rank.
  func noteTraffic(steps: Int, seconds: Double) {
    guard let ranks else { return }
    let traffic = ranks.takeTraffic()
    guard !isTrafficNoted, steps > 0 else { return }
    isTrafficNoted = true
    let own = max(seconds - traffic.seconds, 0)
    guard traffic.seconds > own * Double(ranks.place.count - 1) else { return }
    func milliseconds(_ seconds: Double) -> String {
      "\(Numbers.short(1000 * seconds / Double(steps))) ms"
    }
    trafficNote =
      "\(ranks.place.count) ranks do not pay: each step exchanges "
      + "\(Numbers.grouped(traffic.byteCount / steps)) bytes and waits for the other ranks in "
      + "\(milliseconds(traffic.seconds)) of \(milliseconds(seconds)); "
      + "fewer ranks, or a larger batch, would be faster"
  }
}

extension Weights {
  /// FNV-1a of the bits of all values in float32, as devices have them.
  fileprivate var hash64: UInt64 {
    (flat + state).reduce(0xCBF2_9CE4_8422_2325) { hash, value in
      (hash ^ UInt64(Float(value).bitPattern)) &* 0x100_0000_01B3
    }
  }
}
