import CPUBackend
import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// A convolution with fused pooling, compared with the reference.
@Suite struct PooledConvolutionTests {
  struct Case: Sendable {
    var images: Shape = [5, 6, 10, 1]
    var outputs = 32
    var window = Window(3, padding: .same)
    var activation = Activation.relu
    /// Few values, so that pixels are equal and the first of them counts.
    var isCoarse = false
    var biased = true
    /// Whether the large images' gradient has another reader.
    var readsGradient = false
    var isPooled = true
  }

  static let cases = [
    Case(), Case(images: [1, 2, 2, 1], outputs: 16), Case(images: [40, 28, 28, 1]),
    Case(activation: .identity, biased: false), Case(isCoarse: true),
    Case(activation: .identity, isCoarse: true, biased: false),
    Case(images: [3, 8, 6, 1], outputs: 48, window: Window(3, padding: .valid)),
    Case(images: [2, 7, 6, 1], isPooled: false), Case(outputs: 17, isPooled: false),
    Case(activation: .elu, isPooled: false), Case(readsGradient: true, isPooled: false),
    Case(images: [2, 6, 6, 2], isPooled: false),
    Case(window: Window(5, padding: .same), isPooled: false),
  ]

  /// The pooled images, the gradient of the weights and, where wanted, that of the images.
  private func plan(_ c: Case) throws -> (plan: Plan, inputs: [TensorID]) {
    var graph = Graph()
    let weights: Shape = [c.window.size, c.window.size, c.images[3], c.outputs]
    let x = graph.add(.input(name: "x"), TensorType(c.images))
    let w = graph.add(.input(name: "w"), TensorType(weights))
    let b = graph.add(.input(name: "b"), TensorType([c.outputs]))
    var y = try graph.add(.conv2D(Conv2D(c.window)), [x, w])[0]
    if c.biased { y = try graph.add(.addBias(AddBias()), [y, b])[0] }
    if c.activation != .identity { y = try graph.add(.activate(Activate(c.activation)), [y])[0] }
    let pool = Window(2, stride: 2, padding: .same)
    let pooled = try graph.add(.pool2D(Pool2D(.maximum, pool)), [y])[0]
    let dy = graph.add(.input(name: "dy"), TensorType(graph.shape(pooled)))
    let large = graph.shape(y)
    let gradient = Pool2DGradient(.maximum, pool, height: large[1], width: large[2])
    let dz = try graph.add(.pool2DGradient(gradient), [dy, y])[0]
    let dw = try graph.add(.conv2DWeightGradient(Conv2DWeightGradient(c.window)), [x, dz])[0]
    var outputs = [pooled, dw]
    if c.readsGradient { outputs.append(try graph.add(.sumOfSquares(SumOfSquares()), [dz])[0]) }
    let plan = Plan("pooled", graph, outputs: outputs, parameters: noParameters)
    return (plan, [x, w, dy] + (c.biased ? [b] : []))
  }

  @Test(arguments: cases) func matchesTheReference(_ c: Case) throws {
    let (plan, inputs) = try plan(c)
    let native = try CPUBackend(threads: 2).makeStore(.empty).prepare(plan)
    let reference = try ReferenceBackend().makeStore(.empty).prepare(plan)
    let implementations = try #require(native as? CPUExecutable).implementations
    #expect(implementations.count { $0 == "loops, pooled" } == (c.isPooled ? 2 : 0))
    for (salt, input) in inputs.enumerated() {
      let values = (0..<plan.graph.shape(input).count).map { index in
        let value = Double((index * 7919 + index / 13 * 104729 + salt * 31) % 2003) / 1001.5 - 1
        return c.isCoarse ? value.rounded() : value
      }
      try native.write(values, to: input)
      try reference.write(values.map { Double(Float($0)) }, to: input)
    }
    // Twice: the second run finds what the first one left.
    for _ in 0..<2 { try native.run() }
    try reference.run()
    // Sums of 9 terms; and of one a pooled pixel.
    for (output, count) in zip(plan.outputs, [10, c.images.count, c.images.count * c.outputs]) {
      let closeness = Tolerance(absolute: 1e-7 * Double(count) + 1e-6, relative: 4e-6)
      let difference = closeness.firstDifference(
        try native.read(output), try reference.read(output))
      #expect(difference == nil, "\(output)")
    }
  }
}
