/// The order in which an epoch visits its examples: a permutation drawn from seed and epoch alone.
///
/// Fisher-Yates from the last place down: place `i` swaps with a place drawn from `0...i`. A
/// bounded draw takes the high word of `word · bound` (Lemire, *Fast Random Integer Generation in
/// an Interval*, 2019) and draws again where the low word is below `2³² mod bound`, so every value
/// is exactly equally likely. Words are taken in order, elements 0, 1, 2, … of the stream
/// `shuffle`; the permutation by which validation examples are drawn takes those of `split`.
package enum Shuffle {
  /// A permutation of `0..<count`; `count` is below 2³¹.
  package static func permutation(count: Int, seed: UInt64, epoch: Int) -> [Int32] {
    permutation(
      count: count, Philox(seed: seed, stream: .shuffle, step: UInt64(epoch)))
  }

  /// The permutation of `0..<count` whose first examples are held out for validation: the seed's
  /// alone, whatever else a run is.
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
        // 2³² mod bound is below bound: the division is needed only where the low word is too.
        if product.low >= bound || product.low >= (0 &- bound) % bound { return product.high }
      }
    }
  }
}
