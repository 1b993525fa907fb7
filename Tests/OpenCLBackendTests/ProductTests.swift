import Foundation
import Graphs
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// CLBlast's products of every transposition, size class and epilogue against loops in Double. `OpCases` test the program's own kernels.
@Suite(.serialized) struct ProductTests {
  static let sizes = [1, 3, 17, 33, 65, 257]

  /// Every pair of sizes for the result, with inner sizes taken in turn.
  static let shapes: [(m: Int, n: Int, k: Int)] = sizes.flatMap { m in
    sizes.enumerated().compactMap { index, n in
      let k = sizes[(index + m) % sizes.count]
      let largest = OpCases.largest ?? .max
      return max(m * n, m * k, k * n) <= largest ? (m, n, k) : nil
    }
  }

  static let epilogues: [Epilogue] = {
    var all = [Epilogue()]
    for activation in Activation.allCases {
      var forward = Epilogue()
      (forward.bias, forward.activation) = (true, activation)
      var backward = Epilogue()
      (backward.addend, backward.derivativeOf) = (true, activation)
      all += [forward, backward]
    }
    return all
  }()

  @Test(arguments: OpenCLTestDevice.styled)
  func agreesWithLoops(_ device: OpenCLTestDevice) throws {
    let store = try device.open(.forced(.clblast)).makeStore(
      StoreLayout(parameters: ParameterLayout([]), momentCount: 0, seed: 0, feeds: [:]))
    for (index, shape) in Self.shapes.enumerated() {
      // Each program costs a compilation, so transpositions and epilogues come in turn.
      let (transposes, epilogue) = (index % 4, Self.epilogues[index % Self.epilogues.count])
      let op = Product(
        transposeA: transposes & 1 == 1, transposeB: transposes & 2 == 2, epilogue: epilogue)
      try expectAgreement(op, shape.m, shape.n, shape.k, store)
    }
  }

  private func expectAgreement(
    _ op: Product, _ m: Int, _ n: Int, _ k: Int, _ store: any Store
  ) throws {
    var shapes: [Shape] = [op.transposeA ? [k, m] : [m, k], op.transposeB ? [n, k] : [k, n]]
    if op.epilogue.bias { shapes.append([n]) }
    if op.epilogue.addend { shapes.append([m, n]) }
    if op.epilogue.derivativeOf != .identity { shapes.append([m, n]) }
    var graph = Graph()
    let inputs = shapes.enumerated().map {
      graph.add(.input(name: "\($0.offset)"), TensorType($0.element))
    }
    let output = try graph.add(.product(op), inputs)[0]
    let plan = Plan("product", graph, outputs: [output], parameters: ParameterLayout([]))
    let executable = try store.prepare(plan)
    #expect(executable.productChoices.map(\.candidate) == ["clblast"])
    try executable.writeArena([Double](repeating: .nan, count: plan.arenaCount))
    // In (0, 1), so that every activation's result is a possible one.
    let values = shapes.enumerated().map { operand, shape in
      (0..<shape.count).map { Double(($0 * 37 + 11 * operand + $0 / 5) % 61 + 1) / 64 }
    }
    for (input, value) in zip(inputs, values) { try executable.write(value, to: input) }
    try executable.run()
    let received = try executable.read(output)
    let expected = naive(op, m, n, k, values)
    // A chain of k float32 additions of positive terms, each rounded.
    let tolerance = 6e-8 * Double(k) + 1e-6
    let wrong = zip(received, expected).enumerated().first {
      !(abs($0.element.0 - $0.element.1) <= tolerance * max(1, abs($0.element.1)))
    }
    #expect(
      wrong == nil,
      "\(op.name) of \(m) × \(n) × \(k): element \(wrong?.offset ?? 0) is \(wrong?.element.0 ?? 0)")
  }

  private func naive(
    _ op: Product, _ m: Int, _ n: Int, _ k: Int, _ values: [[Double]]
  ) -> [Double] {
    let indices = op.operandIndices
    return (0..<m * n).map { index in
      let (row, column) = (index / n, index % n)
      var sum = 0.0
      for inner in 0..<k {
        sum +=
          values[0][op.transposeA ? inner * m + row : row * k + inner]
          * values[1][op.transposeB ? column * k + inner : inner * n + column]
      }
      if let bias = indices.bias { sum += values[bias][column] }
      if let addend = indices.addend { sum += values[addend][index] }
      sum = op.epilogue.activation.value(sum)
      if let operand = indices.derivative {
        sum *= op.epilogue.derivativeOf.derivative(values[operand][index])
      }
      return sum
    }
  }
}
