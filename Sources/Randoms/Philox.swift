/// Philox4x32-10: 128 random bits as a pure function of (seed; stream, step, element).
///
/// Salmon et al., *Parallel Random Numbers: As Easy as 1, 2, 3* (SC 2011), as in Random123.
/// - Key: the low and the high word of the 64-bit seed.
/// - Counter: element / 4, low half of the step, high half of the step, stream.
/// - Element `e` is word `e % 4` of block `e / 4`; a step has 2³⁴ elements.
package struct Philox: Hashable, Sendable {
  package let seed: UInt64
  package let stream: RandomStream
  package let step: UInt64

  package init(seed: UInt64, stream: RandomStream, step: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
    self.step = step
  }

  /// The four words of elements `4 · index` to `4 · index + 3`.
  package func block(_ index: Int) -> SIMD4<UInt32> {
    Self.block(
      counter: SIMD4(
        UInt32(index), UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32),
        stream.rawValue),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// The 32 random bits of one element.
  package func word(_ element: Int) -> UInt32 {
    block(element / 4)[element % 4]
  }

  /// Ten rounds of the bijection that `key` selects, on `counter`.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var key = key
    for _ in 0..<10 {
      let a = x[0].multipliedFullWidth(by: 0xD251_1F53)
      let b = x[2].multipliedFullWidth(by: 0xCD9E_8D57)
      x = SIMD4(b.high ^ x[1] ^ key[0], b.low, a.high ^ x[3] ^ key[1], a.low)
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
  }
}
