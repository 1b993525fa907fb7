/// The order of the examples in an epoch: a permutation that depends only on seed and epoch.
///
/// Fisher-Yates from the last index down: index `i` is swapped with one drawn from `0...i`. A
/// bounded draw is the high word of `word · bound` (Lemire, *Fast Random Integer Generation in an
/// Interval*, 2019), repeated if the low word is below `2³² mod bound`, so that all values are
/// equally likely. The words are elements 0, 1, 2, … of the stream `shuffle`, in order; the
/// permutation for drawing validation examples uses those of `split`.
package enum Shuffle {
  /// A permutation of `0..<count`; `count` is below 2³¹.
  package static func permutation(count: Int, seed: UInt64, epoch: Int) -> [Int32] {
    permutation(
      count: count, Philox(seed: seed, stream: .shuffle, step: UInt64(epoch)))
  }

  /// The same for one of the windows of an epoch that is too large for memory.
  package static func permutation(
    count: Int, seed: UInt64, epoch: Int, window: Int
  ) -> [Int32] {
    let step = UInt64(epoch) | UInt64(window + 1) << 32
    return permutation(count: count, Philox(seed: seed, stream: .shuffle, step: step))
  }

  /// The permutation of `0..<count` whose first examples are held out for validation; it depends
  /// only on the seed.
  package static func split(count: Int, seed: UInt64) -> [Int32] {
    permutation(count: count, Philox(seed: seed, stream: .split))
  }

  private static func permutation(count: Int, _ philox: Philox) -> [Int32] {
    var words = Words(philox: philox)
    var order = [Int32](0..<Int32(count))
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(words.next(below: UInt32(last + 1))))
    }
    return order
  }

  /// The words of a stream one after the other, a block at a time.
  private struct Words {
    let philox: Philox
    var block = SIMD4<UInt32>()
    var element = 0

    init(philox: Philox) {
      self.philox = philox
    }

    mutating func next() -> UInt32 {
      if element % 4 == 0 { block = philox.block(element / 4) }
      defer { element += 1 }
      return block[element % 4]
    }

    /// Uniform in `0..<bound`.
    mutating func next(below bound: UInt32) -> UInt32 {
      while true {
        let product = next().multipliedFullWidth(by: bound)
        // 2³² mod bound is below bound, so the division is only needed if the low word is, too.
        if product.low >= bound || product.low >= (0 &- bound) % bound { return product.high }
      }
    }
  }
}
