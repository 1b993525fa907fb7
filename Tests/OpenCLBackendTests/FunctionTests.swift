import Foundation
import Graphs
import OpenCLBackend
import ReferenceBackend
import TestSupport
import Testing

/// The functions of `functions.cl` and `activations.cl` against the C library's in Double, over
/// their whole range.
@Suite(.serialized) struct FunctionTests {
  struct Function: Sendable, CustomStringConvertible {
    let description: String
    /// The expression in `x` that the device computes.
    let expression: String
    let exact: @Sendable (Double) -> Double
    let arguments: [Float]
    /// Units in the last place of the exact result.
    let units: Double
    /// The allowed error in addition to that.
    var absolute = 0.0
    /// What `activations.cl` is compiled with.
    var defines: [String] = []

    /// How far `y` is from `f(x)`, in units in the last place. Devices may take numbers below the
    /// smallest normal one for zero, results and arguments.
    func units(_ y: Float, of x: Float) -> Double {
      let fromExact = units(y, from: exact(Double(x)))
      return abs(x) < smallest ? min(fromExact, units(y, from: exact(0))) : fromExact
    }

    private func units(_ y: Float, from exact: Double) -> Double {
      let difference = abs(Double(y) - exact)
      let isTiny = abs(exact) < Double(smallest) && abs(y) <= smallest
      if y == Float(exact) || isTiny || difference <= absolute { return 0 }
      let magnitude = Float(min(abs(exact), Double(Float.greatestFiniteMagnitude)))
      let units = difference / Double(max(magnitude, smallest).ulp)
      return units.isNaN ? .infinity : units
    }

    private var smallest: Float { .leastNormalMagnitude }
  }

  /// `count` numbers from `lower` to `upper`, both included.
  private static func spread(_ lower: Float, _ upper: Float, _ count: Int = 20_000) -> [Float] {
    (0...count).map { lower + (upper - lower) * (Float($0) / Float(count)) }
  }

  /// Every magnitude of float32, positive.
  private static let magnitudes: [Float] = stride(from: UInt32(1), to: 0x7F80_0000, by: 65_521)
    .map(Float.init(bitPattern:))
  private static let bothSigns = magnitudes + magnitudes.map { -$0 } + [0, -0.0]
  private static let infinities: [Float] = [.infinity, -.infinity]

  static let functions: [Function] =
    [
      Function(
        description: "exp", expression: "ae_exp(x)", exact: { exp($0) },
        arguments: spread(-105, 90) + bothSigns + infinities, units: 2),
      Function(
        description: "exp below 0", expression: "ae_exp_below0(x)", exact: { exp($0) },
        arguments: spread(-105, 0) + [-.infinity, -0.0], units: 2),
      Function(
        description: "expm1", expression: "ae_expm1(x)", exact: { expm1($0) },
        arguments: spread(-20, 90) + spread(-1, 1) + bothSigns + infinities, units: 3),
      Function(
        description: "expm1 below 0", expression: "ae_expm1_below0(x)", exact: { expm1($0) },
        arguments: spread(-105, 0) + spread(-1, 0) + magnitudes.map { -$0 } + [-.infinity, -0.0],
        units: 3),
      Function(
        description: "log", expression: "ae_log(x)", exact: { log($0) },
        arguments: spread(0.5, 2) + magnitudes + [0, .infinity], units: 2),
      Function(
        description: "log1p", expression: "ae_log1p(x)", exact: { log1p($0) },
        arguments: spread(-1, 2) + magnitudes + [0, .infinity], units: 3),
      Function(
        description: "sigmoid", expression: "ae_sigmoid(x)", exact: { 1 / (1 + exp(-$0)) },
        arguments: spread(-104, 104) + bothSigns + infinities, units: 4),
      Function(
        description: "tanh", expression: "ae_tanh(x)", exact: { tanh($0) },
        arguments: spread(-10, 10) + bothSigns + infinities, units: 4),
      Function(
        description: "softplus", expression: "ae_softplus(x)",
        exact: { max($0, 0) + log1p(exp(-abs($0))) },
        arguments: spread(-104, 104) + bothSigns + infinities, units: 4),
    ] + Activation.allCases.flatMap { [activation($0), slope($0)] }

  /// An activation; at an infinity its formula may be ∞ · 0. Where a probability or e^−|x| is below the
  /// smallest normal number it is coarse or 0, and then times x.
  private static func activation(_ activation: Activation) -> Function {
    Function(
      description: activation.rawValue, expression: "ae_activate(x)", exact: activation.value,
      arguments: spread(-104, 104) + spread(-6, 6) + spread(-1e-3, 1e-3) + bothSigns, units: 8,
      absolute: 2e-36, defines: ["ACTIVATION=\(activation.number)"])
  }

  /// The derivative of an activation, by what it is read off; it may pass through 0, so it is as exact as
  /// its terms.
  private static func slope(_ activation: Activation) -> Function {
    let x = spread(-104, 104) + spread(-6, 6) + spread(-1e-3, 1e-3)
    let read = x.map {
      activation.derivativeFrom == .input ? $0 : Float(activation.value(Double($0)))
    }
    return Function(
      description: "slope of \(activation.rawValue)", expression: "ae_derivative(x)",
      exact: activation.derivative, arguments: read, units: 8, absolute: 3e-7,
      defines: ["DERIVATIVE=\(activation.number)"])
  }

  /// A number that no activation or error has is no identity.
  @Test(arguments: [
    ("ACTIVATION", Activation.allCases.count), ("DERIVATIVE", Activation.allCases.count),
    ("ERROR", ReconstructionError.allCases.count),
  ])
  func refusesOtherNumbers(define: String, count: Int) throws {
    guard let device = OpenCLTestDevice.styled.first else { return }
    let source = """
      #include "losses.cl"
      FLAT void judged(int count, __global const float *in, __global float *out) {}
      """
    func run(_ number: Int) throws {
      _ = try device.shared().run(
        "judged", source: source, defines: ["\(define)=\(number)"], vector: device.vector,
        input: [Float(0)], output: Float.self, count: 1)
    }
    try run(count - 1)
    #expect(throws: OpenCLError.self) { try run(count) }
  }

  @Test(arguments: OpenCLTestDevice.styled, functions)
  func isAccurate(_ device: OpenCLTestDevice, _ function: Function) throws {
    let values = try evaluate(function, function.arguments, device)
    var worst = (units: 0.0, argument: Float(0), value: Float(0))
    for (x, y) in zip(function.arguments, values) {
      let units = function.units(y, of: x)
      if units > worst.units { worst = (units, x, y) }
    }
    #expect(
      worst.units <= function.units,
      "\(function)(\(worst.argument)) is \(worst.value): \(worst.units) units off")
  }

  /// A slope that is 1 or 0 says nothing of it.
  @Test(arguments: OpenCLTestDevice.styled, functions.filter { $0.exact(.nan).isNaN })
  func keepsNaN(_ device: OpenCLTestDevice, _ function: Function) throws {
    let values = try evaluate(function, [Float](repeating: .nan, count: 17), device)
    let isKept = values.allSatisfy { $0.isNaN }
    #expect(isKept)
  }

  /// `f(x)`, as the device computes it.
  private func evaluate(
    _ function: Function, _ x: [Float], _ device: OpenCLTestDevice
  ) throws -> [Float] {
    let source = """
      FLAT void judged(int count, __global const float *in, __global float *out) {
        FOR_VECTORS(i, count) {
          const floatV x = LOAD(in + i);
          ae_store(\(function.expression), out + i, count - i);
        }
      }
      """
    return try device.shared().run(
      "judged", source: source, defines: function.defines, vector: device.vector, input: x,
      output: Float.self, count: x.count)
  }

  @Test(arguments: OpenCLTestDevice.styled)
  func sineAndCosineOfTurns(_ device: OpenCLTestDevice) throws {
    let turns = (0..<(1 << 16)).map { Float($0) * 0x1p-16 } + [0x1p-24, 1 - 0x1p-24]
    for (name, index) in [("sine", 0), ("cosine", 1)] {
      let source = """
        FLAT void judged(int count, __global const float *in, __global float *out) {
          FOR_VECTORS(i, count) {
            floatV cosine;
            const floatV sine = ae_sincos2pi(LOAD(in + i), &cosine);
            ae_store(\(name), out + i, count - i);
          }
        }
        """
      let values = try device.shared().run(
        "judged", source: source, vector: device.vector, input: turns, output: Float.self,
        count: turns.count)
      for (turn, value) in zip(turns, values) {
        let angle = 2 * Double.pi * Double(turn)
        let exact = index == 0 ? sin(angle) : cos(angle)
        let difference = abs(Double(value) - exact)
        #expect(difference <= 1.2e-7, "\(name) of \(turn) turns")
      }
    }
  }

  /// The known answers of Random123's `kat_vectors`.
  @Test(arguments: OpenCLTestDevice.styled)
  func philoxKnownAnswers(_ device: OpenCLTestDevice) throws {
    let cases: [(counter: [UInt32], key: [UInt32], words: [UInt32])] = [
      ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      (
        [.max, .max, .max, .max], [.max, .max],
        [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
      ),
      (
        [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ]
    let source = """
      FLAT void judged(int count, __global const uint *in, __global uintV *out) {
        uintV x[4] = {(uintV)(in[0]), (uintV)(in[1]), (uintV)(in[2]), (uintV)(in[3])};
        ae_philox(x, in[4], in[5]);
        for (int word = 0; word < 4; ++word) out[word] = x[word];
      }
      """
    for (counter, key, words) in cases {
      let received = try device.shared().run(
        "judged", source: source, vector: device.vector, input: counter + key,
        output: UInt32.self, count: 4 * device.vector)
      #expect(received == words.flatMap { [UInt32](repeating: $0, count: device.vector) })
    }
  }
}
