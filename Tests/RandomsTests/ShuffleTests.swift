import Randoms
import Testing

@Suite struct ShuffleTests {
  @Test(arguments: [0, 1, 2, 3, 17, 257, 60_000]) func isAPermutation(count: Int) {
    let order = Shuffle.permutation(count: count, seed: 5, epoch: 1)
    #expect(order.sorted() == [Int32](0..<Int32(count)))
  }

  @Test func dependsOnSeedAndEpochAlone() {
    let order = Shuffle.permutation(count: 100, seed: 5, epoch: 1)
    #expect(order == Shuffle.permutation(count: 100, seed: 5, epoch: 1))
    #expect(order != Shuffle.permutation(count: 100, seed: 5, epoch: 2))
    #expect(order != Shuffle.permutation(count: 100, seed: 6, epoch: 1))
  }

  /// By hand: place 1 of two swaps with place 0 when the first word is below 2³¹.
  @Test(arguments: 1...20) func readsTheFirstWordFirst(epoch: Int) {
    let word = Philox(seed: 9, stream: .shuffle, step: UInt64(epoch)).word(0)
    let expected: [Int32] = word < 1 << 31 ? [1, 0] : [0, 1]
    #expect(Shuffle.permutation(count: 2, seed: 9, epoch: epoch) == expected)
  }

  /// All 24 orders of four, 24,000 draws: χ² with 23 degrees of freedom exceeds 49.7 once in 1000.
  @Test func everyOrderIsEquallyLikely() {
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<24_000 {
      counts[Shuffle.permutation(count: 4, seed: 3, epoch: epoch), default: 0] += 1
    }
    #expect(counts.count == 24)
    let deviation = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(deviation < 49.7)
  }
}
