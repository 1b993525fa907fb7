import CLoops
import Testing

/// The small product and its epilogue against loops in Double.
@Suite struct ProductTests {
  private func numbers(_ count: Int, _ salt: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + salt) % 1009) / 1009 - 0.4 }
  }

  @Test(arguments: [false, true], [false, true])
  func smallProducts(transposeA: Bool, transposeB: Bool) {
    for (m, n, k) in [
      (1, 1, 1), (8, 8, 16), (3, 17, 33), (17, 3, 1), (5, 31, 65), (32, 32, 32), (1, 127, 256),
      (4, 16, 4), (65, 2, 128),
    ] {
      let (a, b, bias) = (numbers(m * k, 1), numbers(k * n, 2), numbers(n, 3))
      let guarded: Float = 12345
      var c = [Float](repeating: guarded, count: m * n + 32)
      bias.withUnsafeBufferPointer {
        var epilogue = loops_epilogue()
        epilogue.bias = $0.baseAddress
        epilogue.activation = LOOPS_RELU
        loops_small_product(
          transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, a, b, &c, &epilogue)
      }
      #expect(c[(m * n)...].allSatisfy { $0 == guarded })
      for i in 0..<m {
        for j in 0..<n {
          var sum = Double(bias[j])
          for p in 0..<k {
            sum +=
              Double(transposeA ? a[p * m + i] : a[i * k + p])
              * Double(transposeB ? b[j * k + p] : b[p * n + j])
          }
          #expect(abs(Double(c[i * n + j]) - max(sum, 0)) <= 1e-5 + 1e-6 * abs(sum))
        }
      }
    }
  }

  /// Every stage of an epilogue, in place and not, on one thread and on two.
  @Test(arguments: [(1, 1), (3, 17), (200, 257)])
  func epilogues(rows: Int, columns: Int) {
    let count = rows * columns
    let (x, bias, addend) = (numbers(count, 4), numbers(columns, 5), numbers(count, 6))
    let result = numbers(count, 7).map { max($0, 0) }
    for (hasBias, hasAddend, activates, derives) in (0..<16).map({
      ($0 & 1 != 0, $0 & 2 != 0, $0 & 4 != 0, $0 & 8 != 0)
    }) {
      var inPlace = x
      var apart = [Float](repeating: .nan, count: count)
      bias.withUnsafeBufferPointer { bias in
        addend.withUnsafeBufferPointer { addend in
          result.withUnsafeBufferPointer { result in
            var epilogue = loops_epilogue()
            if hasBias { epilogue.bias = bias.baseAddress }
            if hasAddend { epilogue.addend = addend.baseAddress }
            if activates { epilogue.activation = LOOPS_RELU }
            if derives {
              epilogue.derivative = LOOPS_RELU
              epilogue.read = result.baseAddress
            }
            loops_finish_product(&epilogue, x, &apart, rows, columns, 2)
            inPlace.withUnsafeMutableBufferPointer {
              let c = $0.baseAddress!
              loops_finish_product(&epilogue, c, c, rows, columns, 1)
            }
          }
        }
      }
      #expect(inPlace == apart)
      for index in 0..<count {
        var c = x[index]
        if hasBias { c += bias[index % columns] }
        if hasAddend { c += addend[index] }
        if activates { c = max(c, 0) }
        if derives && result[index] <= 0 { c = 0 }
        #expect(abs(apart[index] - c) <= 1e-6)
      }
    }
  }
}
