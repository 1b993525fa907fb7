import CLoops
import Graphs
import Testing

/// Sums: near Double's, and the same bits for any number of threads.
@Suite struct SumTests {
  static let counts = [1, 3, 17, 257, 2049, 4097, 100_003, 401_408]

  private func numbers(_ count: Int, _ salt: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + salt) % 1009) / 1009 - 0.3 }
  }

  @Test(arguments: counts) func sumOfSquares(count: Int) {
    let x = numbers(count, 1)
    let sums = [1, 2, 3].map { threads in
      var sum: Float = .nan
      loops_sum_of_squares(x, &sum, count, Int32(threads))
      return sum
    }
    #expect(Set(sums.map(\.bitPattern)).count == 1)
    let exact = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(Double(sums[0]) - exact) <= 1e-6 * exact)
  }

  @Test(arguments: ReconstructionError.allCases, counts)
  func losses(error: ReconstructionError, count: Int) {
    let x = numbers(count, 2).map { abs($0) }
    let t = numbers(count, 3).map { abs($0) }
    var results: [[UInt32]] = []
    for threads in [Int32(1), 2] {
      var (loss, both): (Float, Float) = (.nan, .nan)
      var gradient = [Float](repeating: .nan, count: count)
      var bothGradient = gradient
      let factor = 1 / Double(count)
      x.withUnsafeBufferPointer { x in
        t.withUnsafeBufferPointer { t in
          var judged = loops_judged(
            error: loops_error(UInt32(error.number)), factor: factor, x: x.baseAddress!,
            t: t.baseAddress!, mask: nil,
            count: count)
          loops_loss(&judged, &loss, threads)
          loops_loss_gradient(&judged, [2], &gradient, threads)
          loops_loss_with_gradient(&judged, [2], &both, &bothGradient, threads)
        }
      }
      #expect(abs(loss - both) <= 1e-6 * abs(loss))
      #expect(zip(gradient, bothGradient).allSatisfy { abs($0 - $1) <= 1e-6 * abs($0) })
      results.append([loss.bitPattern, both.bitPattern] + gradient.map(\.bitPattern))
    }
    #expect(results[0] == results[1])
  }

  @Test(arguments: counts) func reparameterize(count: Int) {
    let (mean, variance, epsilon) = (numbers(count, 4), numbers(count, 5), numbers(count, 6))
    var results: [[UInt32]] = []
    for threads in [Int32(1), 2] {
      var kl: Float = .nan
      var z = [Float](repeating: .nan, count: count)
      loops_reparameterize(0.5, mean, variance, epsilon, &z, &kl, count, threads)
      results.append([kl.bitPattern] + z.map(\.bitPattern))
    }
    #expect(results[0] == results[1])
  }

  @Test(arguments: [
    (1, 1), (3, 17), (512, 784), (65, 257), (1000, 20), (7, 4097), (50_001, 1), (4099, 3),
    (2048, 128), (6001, 32),
  ])
  func columnSums(rows: Int, columns: Int) {
    let x = numbers(rows * columns, 7)
    let sums = [Int32(1), 2].map { threads in
      var sum = [Float](repeating: .nan, count: columns)
      loops_column_sum(x, &sum, rows, columns, threads)
      return sum
    }
    #expect(sums[0] == sums[1])
    for column in 0..<columns {
      let exact = (0..<rows).reduce(0.0) { $0 + Double(x[$1 * columns + column]) }
      #expect(abs(Double(sums[0][column]) - exact) <= 1e-4 + 1e-6 * abs(exact))
    }
  }
}

/// The search for values that are not finite.
@Suite struct FiniteTests {
  @Test(arguments: [Float.nan, -.nan, .infinity, -.infinity, .signalingNaN])
  func oneAtAnyPosition(value: Float) {
    for count in [1, 2, 15, 16, 17, 63, 64, 65, 300] {
      var x = [Float](repeating: .greatestFiniteMagnitude, count: count)
      #expect(allFinite(x))
      for position in 0..<count {
        x[position] = value
        #expect(!allFinite(x))
        x[position] = -0.0
      }
      #expect(allFinite(x))
    }
  }

  @Test func oneInManyParts() {
    var x = [Float](repeating: .leastNonzeroMagnitude, count: 200_704)
    for position in stride(from: 0, to: x.count, by: 997) {
      x[position] = .nan
      #expect(!allFinite(x))
      x[position] = 0
    }
    #expect(allFinite(x))
    #expect(allFinite([]))
  }

  @Test(arguments: [3, 40_000]) func oneInAnySpan(count: Int) {
    let finite = [Float](repeating: 1, count: count)
    for position in [0, count / 2, count - 1] {
      var other = finite
      other[position] = .infinity
      #expect(allFinite(finite, finite))
      #expect(!allFinite(finite, other))
      #expect(!allFinite(other, finite))
    }
  }

  /// Whether both are finite, as two spans.
  private func allFinite(_ x: [Float], _ y: [Float] = []) -> Bool {
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        let spans = [x, y].compactMap { span in
          span.baseAddress.map { loops_span(x: $0, count: span.count) }
        }
        return loops_all_finite(spans, spans.count, 2) != 0
      }
    }
  }
}
