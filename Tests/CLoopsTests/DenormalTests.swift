import CLoops
import Testing

/// Moments that fade: numbers below the least normal one are zeros to an update, and to nothing
/// else.
@Suite struct DenormalTests {
  private let count = 100_003
  private let small: Float = 0x1p-130

  @Test(arguments: [Int32(1), 2])
  func updatesFlushThem(threads: Int32) {
    let gradients = [Float](repeating: 0, count: count)
    var parameters = [Float](repeating: 1, count: count)
    var velocities = [Float](repeating: small, count: count)
    let ranges = [loops_range(begin: 0, end: count)]
    loops_sgd(
      0.9, 0, [loops_schedule(learning_rate: 1, correction1: 1, correction2: 1)],
      loops_clipping(factor: 1, limit: .infinity), gradients, &parameters, &velocities, ranges, 1,
      threads)
    #expect(velocities.allSatisfy { $0.bitPattern == 0 })
    #expect(parameters.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [Int32(1), 2])
  func whatFollowsKeepsThem(threads: Int32) {
    updatesFlushThem(threads: threads)
    let x = [Float](repeating: small, count: count)
    var y = x
    loops_scale(0.5, x, [1], &y, count, threads)
    // As bits: a comparison, too, would take them as zeros.
    #expect(y.allSatisfy { $0.bitPattern == (0x1p-131 as Float).bitPattern })
  }
}
