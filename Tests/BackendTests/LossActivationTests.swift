import Graphs
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// The gradient of a loss that is taken through the activation before it in the same launch.
@Suite(.serialized) struct LossActivationTests {
  struct Case: Sendable {
    var activation = Activation.sigmoid
    var error = ReconstructionError.squaredError
    /// Whether the loss's own gradient has another reader.
    var readsGradient = false
    /// Of the activation, of the loss's gradient, and of the activation's where OpenCL keeps it
    /// apart.
    var launches = 2
  }

  static let cases = [
    Case(), Case(activation: .tanh), Case(error: .binaryCrossEntropy),
    Case(readsGradient: true, launches: 3),
    // Its derivative is read off what the loss does not see.
    Case(activation: .silu, launches: 3),
  ]

  @Test(arguments: TestBackend.all, cases)
  func matchesTheReference(_ backend: TestBackend, _ c: Case) throws {
    var graph = Graph()
    let shape: Shape = [33, 17]
    let z = graph.add(.input(name: "z"), TensorType(shape))
    let t = graph.add(.input(name: "t"), TensorType(shape))
    let x = try graph.add(.activate(Activate(c.activation)), [z])[0]
    let one = graph.add(.constant(1), TensorType([]))
    let loss = ReconstructionLossGradient(c.error, .sum)
    let dx = try graph.add(.reconstructionLossGradient(loss), [x, t, one])[0]
    let operand = c.activation.derivativeFrom == .result ? x : z
    let dz = try graph.add(
      .activateGradient(ActivateGradient(c.activation)), [dx, operand])[0]
    let outputs = c.readsGradient ? [dz, dx] : [dz]
    let plan = Plan("loss", graph, outputs: outputs, parameters: noParameters, fused: false)
    let made = try backend.make()
    let ours = try made.makeStore(.empty).prepare(plan)
    let reference = try ReferenceBackend().makeStore(.empty).prepare(plan)
    if made is OpenCLBackend { #expect(ours.launchCount == c.launches) }
    for (salt, input) in [z, t].enumerated() {
      let values = (0..<shape.count).map { Double(($0 * 7919 + salt * 31) % 2003) / 2003 }
      try ours.write(values, to: input)
      try reference.write(values.map { Double(Float($0)) }, to: input)
    }
    // Twice: the second run finds what the first one left.
    for _ in 0..<2 { try ours.run() }
    try reference.run()
    for output in outputs {
      let closeness = Tolerance(absolute: 1e-6, relative: 1e-5)
      let difference = closeness.firstDifference(
        try ours.read(output), try reference.read(output))
      #expect(difference == nil, "\(output)")
    }
  }
}
