import Graphs
import OpenCLBackend
import Plans
import TestSupport
import Testing

/// Products in blocks of terms make the bits of products that sum all terms at once.
@Suite(.serialized) struct DeepProductTests {
  /// One block, a whole number of them, and one term more; results that no tile, panel or group of
  /// panels divides.
  static let shapes = [
    (m: 17, n: 33, k: 255), (m: 14, n: 32, k: 512), (m: 29, n: 145, k: 513), (m: 65, n: 16, k: 700),
    (m: 15, n: 40, k: 257),
  ]

  static let devices = OpenCLTestDevice.forced.filter {
    if case .deep = $0.candidate { true } else { false }
  }

  @Test(arguments: devices)
  func sumsInTheSameOrder(_ device: OpenCLTestDevice) throws {
    // Each program costs a compilation, so transpositions and addends come in turn.
    for (index, (m, n, k)) in Self.shapes.enumerated() {
      var op = Product(transposeA: true, transposeB: index % 2 == 1)
      op.epilogue.addend = index % 3 == 1
      let panel = ProductCandidate.Panel(rows: 8, shares: 1, isPacked: true)
      let expected = try result(op, m, n, k, device, .panel(panel))
      let received = try result(op, m, n, k, device, device.candidate!)
      #expect(received == expected, "\(m) × \(n) × \(k)")
      #expect(expected.allSatisfy(\.isFinite) && expected.contains { $0 != 0 })
    }
  }

  private func result(
    _ op: Product, _ m: Int, _ n: Int, _ k: Int, _ device: OpenCLTestDevice,
    _ candidate: ProductCandidate
  ) throws -> [Double] {
    var graph = Graph()
    let shapes: [Shape] = [[k, m], op.transposeB ? [n, k] : [k, n], [m, n]]
    let inputs = shapes.prefix(op.epilogue.addend ? 3 : 2).enumerated().map {
      graph.add(.input(name: "\($0.offset)"), TensorType($0.element))
    }
    let output = try graph.add(.product(op), inputs)[0]
    let plan = Plan("product", graph, outputs: [output], parameters: ParameterLayout([]))
    let forced = OpenCLTestDevice(index: device.index, style: device.style, candidate: candidate)
    let executable = try forced.open().makeStore(.empty).prepare(plan)
    #expect(executable.productChoices.map(\.candidate) == [candidate.description])
    try executable.writeArena([Double](repeating: .nan, count: plan.arenaCount))
    for (place, input) in inputs.enumerated() {
      try executable.write(
        (0..<shapes[place].count).map { Double(($0 * 37 + 11 * place + $0 / 5) % 61 - 30) / 67 },
        to: input)
    }
    try executable.run()
    return try executable.read(output)
  }
}
