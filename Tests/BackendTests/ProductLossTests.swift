import Graphs
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// A loss, with its gradient, that is fused into the product of the reconstruction.
@Suite struct ProductLossTests {
  struct Case: Sendable {
    var error = ReconstructionError.binaryCrossEntropyWithLogits
    var activation = Activation.identity
    var hasGradient = true
    /// Whether something else reads the reconstruction, which then has to be stored.
    var isRead = false
  }

  static let cases = [
    Case(), Case(hasGradient: false),
    Case(error: .squaredError, activation: .tanh),
    Case(error: .binaryCrossEntropy, activation: .sigmoid),
    Case(error: .squaredError, activation: .silu),
    Case(isRead: true),
  ]

  /// Every way to compute the product in the first case; the usual one in all.
  static let tests: [(OpenCLTestDevice, Case)] = {
    let panels: [ProductCandidate.Panel] = [
      .init(rows: 14, shares: 1, isPacked: false), .init(rows: 8, shares: 2, isPacked: true),
      .init(rows: 8, shares: 1, isPacked: false, slices: 2),
    ]
    let blocks: [ProductCandidate.Block] = [
      .init(rows: 64, columns: 64), .init(rows: 32, columns: 16, slices: 3),
    ]
    let fat = panels.map(ProductCandidate.panel) + [.clblast]
    let thin = blocks.map(ProductCandidate.block) + [.square(tile: 32)]
    return OpenCLTestDevice.styled.flatMap { device in
      let forced = (device.style == .fat ? fat : thin).map {
        OpenCLTestDevice(index: device.index, style: device.style, candidate: $0)
      }
      return forced.map { ($0, cases[0]) } + cases.map { (device, $0) }
    }
  }()

  @Test(arguments: tests)
  func matchesTheReference(_ device: OpenCLTestDevice, _ c: Case) throws {
    var graph = Graph()
    let (rows, columns, inner) = (45, 50, 19)
    func input(_ name: String, _ shape: Shape) -> TensorID {
      graph.add(.input(name: name), TensorType(shape))
    }
    let operands = [
      input("a", [rows, inner]), input("b", [inner, columns]), input("bias", [columns]),
      input("t", [rows, columns]),
    ]
    let product = try graph.add(.product(Product()), Array(operands[0..<2]))[0]
    let sum = try graph.add(.addBias(AddBias()), [product, operands[2]])[0]
    let x =
      c.activation == .identity
      ? sum : try graph.add(.activate(Activate(c.activation)), [sum])[0]
    let one = graph.add(.constant(1), TensorType([]))
    var outputs = try graph.add(
      .reconstructionLoss(ReconstructionLoss(c.error, .mean)), [x, operands[3]])
    if c.hasGradient {
      outputs += try graph.add(
        .reconstructionLossGradient(ReconstructionLossGradient(c.error, .mean)),
        [x, operands[3], one])
      if c.activation != .identity {
        let operand = c.activation.derivativeFrom == .result ? x : sum
        outputs[1] = try graph.add(
          .activateGradient(ActivateGradient(c.activation)), [outputs[1], operand])[0]
      }
    }
    if c.isRead { outputs.append(x) }
    let plan = Plan("judged", graph, outputs: outputs, parameters: noParameters)
    let backend = try device.open()
    let ours = try backend.makeStore(.empty).prepare(plan)
    let reference = try ReferenceBackend().makeStore(.empty).prepare(plan)
    for (salt, input) in operands.enumerated() {
      // Targets lie between 0 and 1, as cross-entropy wants them.
      let values = (0..<plan.graph.shape(input).count).map {
        Double(($0 * 7919 + salt * 31) % 2003) / 2003 - (input == operands[3] ? 0 : 0.5)
      }
      try ours.write(values, to: input)
      try reference.write(values.map { Double(Float($0)) }, to: input)
    }
    // Twice: the second run finds what the first one left.
    for _ in 0..<2 { try ours.run() }
    try reference.run()
    let closeness = Tolerance(absolute: 1e-6, relative: 1e-5)
    for output in outputs {
      let difference = closeness.firstDifference(
        try ours.read(output), try reference.read(output))
      #expect(difference == nil, "\(output)")
    }
    // The loss is also an output, which needs a separate launch.
    let rides = device.carriesLoss && !c.isRead && c.activation != .silu
    #expect((ours.launchCount == 2) == rides)
  }
}

extension OpenCLTestDevice {
  fileprivate var carriesLoss: Bool {
    switch candidate {
    case .panel(let panel): panel.slices == 1
    case .block(let block): block.slices == 1
    case .square: true
    case .deep, .clblast: false
    case nil: true
    }
  }
}
