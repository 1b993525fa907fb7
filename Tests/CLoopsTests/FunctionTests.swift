import CLoops
import Glibc
import Graphs
import ReferenceBackend
import Testing

/// Every elementary function and activation against `Double`, over its whole range and at its ends.
@Suite struct FunctionTests {
  /// Within `ulps` units in the last place of the rounded true value, or `absolute`; NaN and
  /// infinities must be the same.
  struct Tolerance {
    var ulps: Double
    var absolute = 0.0
  }

  @Test func exponential() {
    let x = sweep(-104, 89) + sweep(-1, 1) + extremes + [88.72283, 88.7229, -87.4, -103.9, -104.1]
    compare(LOOPS_EXPONENTIAL, x, Tolerance(ulps: 2)) { exp($0) }
  }

  @Test func unitExponential() {
    let x = sweep(-104, 0) + sweep(-1, 0) + extremes.filter { !($0 > 0) } + [-87, -87.1]
    compare(LOOPS_UNIT_EXPONENTIAL, x, Tolerance(ulps: 2)) { exp($0 < -87 ? -87 : $0) }
  }

  @Test func exponentialMinusOne() {
    let x = sweep(-104, 89) + sweep(-1, 1) + sweep(-1e-4, 1e-4) + extremes
    compare(LOOPS_EXPONENTIAL_MINUS_ONE, x, Tolerance(ulps: 3)) { expm1($0) }
  }

  @Test func logarithm() {
    let powers = (-149...127).flatMap { e in [1, 1.2, 1.41, 1.42, 1.9].map { $0 * scalbn(1, e) } }
    let x = sweep(0, 2) + sweep(0.9, 1.1) + powers.map(Float.init) + extremes
    compare(LOOPS_LOGARITHM, x, Tolerance(ulps: 3)) { log($0) }
  }

  @Test func logarithmPlusOne() {
    let x = sweep(-1, 1) + sweep(-1e-3, 1e-3) + sweep(0, 1e6) + extremes
    compare(LOOPS_LOGARITHM_PLUS_ONE, x, Tolerance(ulps: 4)) { log1p($0) }
  }

  @Test func logarithmPlusOneOfUnit() {
    let x = sweep(0, 1) + sweep(0, 1e-5) + [.leastNonzeroMagnitude, 0, 1, .nan]
    compare(LOOPS_LOGARITHM_PLUS_ONE_OF_UNIT, x, Tolerance(ulps: 4)) { log1p($0) }
  }

  @Test func sineAndCosineOfTurns() {
    // Near its zeros a sine is as exact as its argument, so the tolerance there is absolute.
    let x = sweep(0, 1) + (0..<64).map { Float($0) / 64 } + [0x1p-24, 1 - 0x1p-24]
    let tolerance = Tolerance(ulps: 3, absolute: 1e-7)
    compare(LOOPS_SINE_OF_TURN, x, tolerance) { sin(2 * .pi * $0) }
    compare(LOOPS_COSINE_OF_TURN, x, tolerance) { cos(2 * .pi * $0) }
  }

  /// The allowed error of an activation; those not listed have the last of these.
  private static let tolerances: [Activation: Tolerance] = [
    .identity: Tolerance(ulps: 0), .relu: Tolerance(ulps: 0), .leakyRelu: Tolerance(ulps: 1),
    .elu: Tolerance(ulps: 3), .selu: Tolerance(ulps: 4), .sigmoid: Tolerance(ulps: 4),
    .tanh: Tolerance(ulps: 3), .softplus: Tolerance(ulps: 5),
  ]
  /// A subnormal probability, or e^−|x|, is as coarse as its last bit, and then times x.
  private static let usual = Tolerance(ulps: 8, absolute: 1e-37)

  @Test(arguments: Activation.allCases) func activations(activation: Activation) {
    // At an infinity a formula in Double may be ∞ − ∞: the limits are checked in BackendTests'
    // cases.
    let x = (sweep(-104, 104) + sweep(-12.5, 12.5) + sweep(-1, 1) + sweep(-1e-3, 1e-3) + extremes)
      .filter { !$0.isInfinite && abs($0) < 1e30 }
    var y = [Float](repeating: .nan, count: x.count)
    loops_activate(loops_activation(UInt32(activation.number)), x, &y, x.count, 1)
    judge(y, of: x, Self.tolerances[activation] ?? Self.usual, activation.value)
  }

  /// `f′`: near 0 absolutely, for it may pass through it.
  @Test(arguments: Activation.allCases) func derivatives(activation: Activation) {
    let x = (sweep(-104, 104) + sweep(-6, 6)).filter { $0 != 0 }
    let read = x.map {
      activation.derivativeFrom == .input ? $0 : Float(activation.value(Double($0)))
    }
    let ones = [Float](repeating: 1, count: x.count)
    var dx = [Float](repeating: .nan, count: x.count)
    let number = loops_activation(UInt32(activation.number))
    loops_activate_gradient(number, ones, read, &dx, x.count, 1)
    judge(dx, of: read, Tolerance(ulps: 8, absolute: 3e-7), activation.derivative)
  }

  /// Within units in the last place also where Φ is small.
  @Test func normalProbability() {
    let x = sweep(-12.5, 12.5) + sweep(-1, 1) + sweep(-1e-3, 1e-3) + extremes
    compare(LOOPS_NORMAL_PROBABILITY, x, Tolerance(ulps: 8, absolute: 1e-38)) {
      erfc(-$0 / 2.squareRoot()) / 2
    }
  }

  private let extremes: [Float] = [
    0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1p-140, -0x1p-133,
    .leastNormalMagnitude, 88, -88, 104, -104, 1e30, -1e30, .greatestFiniteMagnitude, .infinity,
    -.infinity, .nan,
  ]

  /// 40 001 numbers from `low` to `high`.
  private func sweep(_ low: Float, _ high: Float) -> [Float] {
    (0...40_000).map { low + (high - low) * (Float($0) / 40_000) }
  }

  private func compare(
    _ function: loops_function, _ x: [Float], _ tolerance: Tolerance, _ truth: (Double) -> Double
  ) {
    var y = [Float](repeating: .nan, count: x.count)
    loops_evaluate(function, x, &y, x.count)
    judge(y, of: x, tolerance, truth)
  }

  private func judge(
    _ y: [Float], of x: [Float], _ tolerance: Tolerance, _ truth: (Double) -> Double
  ) {
    var worst = (error: 0.0, x: Float(0), y: Float(0))
    for (x, y) in zip(x, y) {
      let exact = truth(Double(x))
      let rounded = Float(exact)
      if rounded.isNaN || rounded.isInfinite || y.isNaN || y.isInfinite {
        #expect(rounded.isNaN ? y.isNaN : y == rounded, "f(\(x)) is \(y), not \(rounded)")
        continue
      }
      let difference = abs(Double(y) - exact)
      if difference <= tolerance.absolute { continue }
      // Half an ulp is the rounding of the true value itself.
      let error = difference / Double(rounded.ulp) - 0.5
      if error > worst.error { worst = (error, x, y) }
    }
    #expect(
      worst.error <= tolerance.ulps, "f(\(worst.x)) is \(worst.y), \(worst.error) ulps off")
  }
}
