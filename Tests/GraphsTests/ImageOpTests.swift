import Graphs
import Plans
import ReferenceBackend
import Testing

/// Results of the reference for small images, computed by hand or with Keras 3.
@Suite struct ImageOpTests {
  /// The first result of one op.
  private func run(_ op: Op, _ operands: [(Shape, [Double])]) throws -> [Double] {
    var graph = Graph()
    let inputs = operands.enumerated().map { index, operand in
      graph.add(.input(name: "\(index)"), TensorType(operand.0))
    }
    let output = try graph.add(op, inputs)[0]
    let layout = ParameterLayout([(name: String, shape: Shape)]())
    let plan = Plan("test", graph, outputs: [output], parameters: layout)
    let store = ReferenceBackend().makeStore(
      StoreLayout(parameters: layout, momentCount: 0, seed: 0, feeds: [:]))
    let executable = try store.prepare(plan)
    for (input, operand) in zip(inputs, operands) { try executable.write(operand.1, to: input) }
    try executable.run()
    return try executable.read(output)
  }

  /// Keras's `same`: of an odd number of missing pixels the larger half is below and to the right.
  @Test(arguments: [
    (28, 3, 1, 28, 1), (28, 3, 2, 14, 0), (7, 3, 2, 4, 1), (7, 2, 2, 4, 0), (5, 5, 2, 3, 2),
    (4, 2, 3, 2, 0), (5, 1, 3, 2, 0),
  ])
  func windowsThatCoverAll(_ length: Int, _ size: Int, _ stride: Int, _ count: Int, _ offset: Int) {
    let window = Window(size, stride: stride, padding: .same)
    #expect(window.count(over: length) == count)
    #expect(window.offset(over: length) == offset)
  }

  @Test func windowsWithin() {
    let window = Window(3, stride: 2, padding: .valid)
    #expect((2...8).map(window.count(over:)) == [0, 1, 1, 2, 2, 3, 3])
    #expect(window.offset(over: 8) == 0)
  }

  /// A transposed convolution's images are such that the convolution leads back.
  @Test(arguments: Window.Padding.allCases, [(2, 2), (3, 1), (3, 2), (2, 3), (5, 4)])
  func lengthsLeadBack(_ padding: Window.Padding, _ size: (Int, Int)) {
    let window = Window(size.0, stride: size.1, padding: padding)
    for count in 1...9 { #expect(window.count(over: window.length(of: count)) == count) }
  }

  @Test func convolvesByHand() throws {
    let ramp = (1...9).map(Double.init)
    let kernel = [1.0, 10, 100, 1000]
    let valid = try run(
      .conv2D(Conv2D(Window(2, padding: .valid))), [([1, 3, 3, 1], ramp), ([2, 2, 1, 1], kernel)])
    #expect(valid == [5421, 6532, 8754, 9865])
    let same = try run(
      .conv2D(Conv2D(Window(2, stride: 2, padding: .same))),
      [([1, 3, 3, 1], ramp), ([2, 2, 1, 1], kernel)])
    #expect(same == [5421, 603, 87, 9])
  }

  @Test func transposesByHand() throws {
    let op = Conv2DInputGradient(Window(3, stride: 2, padding: .same), height: 4, width: 4)
    // One pixel spreads the window from its own corner, as nothing is missing above and to the
    // left.
    let spread = try run(
      .conv2DInputGradient(op),
      [([1, 2, 2, 1], [1, 0, 0, 0]), ([3, 3, 1, 1], (1...9).map(Double.init))])
    #expect(spread == [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0])
  }

  @Test func aTieGoesToTheFirst() throws {
    let op = Pool2DGradient(.maximum, Window(2, stride: 2, padding: .same), height: 3, width: 3)
    let dx = try run(
      .pool2DGradient(op),
      [([1, 2, 2, 1], [1, 2, 3, 4]), ([1, 3, 3, 1], [5, 5, 1, 5, 5, 1, 0, 7, 1])])
    #expect(dx == [1, 0, 2, 0, 0, 0, 0, 3, 4])
  }

  @Test func averagesWhatIsThere() throws {
    let ramp = (1...9).map(Double.init)
    let window = Window(2, stride: 2, padding: .same)
    let y = try run(.pool2D(Pool2D(.average, window)), [([1, 3, 3, 1], ramp)])
    #expect(y == [3, 4.5, 7.5, 9])
    let dx = try run(
      .pool2DGradient(Pool2DGradient(.average, window, height: 3, width: 3)),
      [([1, 2, 2, 1], [4, 2, 6, 5])])
    #expect(dx == [1, 1, 1, 1, 1, 1, 3, 3, 5])
  }

  @Test func upsamplesByHand() throws {
    let nearest = try run(.upsample2D(Upsample2D(2, .nearest)), [([1, 1, 2, 1], [3, 5])])
    #expect(nearest == [3, 3, 5, 5, 3, 3, 5, 5])
    let bilinear = try run(.upsample2D(Upsample2D(2, .bilinear)), [([1, 1, 2, 1], [0, 4])])
    #expect(bilinear == [0, 1, 3, 4, 0, 1, 3, 4])
  }

  @Test func namesWhatDoesNotFit() {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([2, 3, 3, 4]))
    let w = graph.add(.input(name: "w"), TensorType([5, 5, 3, 8]))
    #expect(
      throws: GraphError.operands(
        op: "conv2D(5×5, valid)", expected: "weights [5, 5, 4, O]",
        received: [TensorType([2, 3, 3, 4]), TensorType([5, 5, 3, 8])])
    ) { try graph.add(.conv2D(Conv2D(Window(5, padding: .valid))), [x, w]) }
    let right = graph.add(.input(name: "right"), TensorType([5, 5, 4, 8]))
    #expect(throws: GraphError.self) {
      try graph.add(.conv2D(Conv2D(Window(5, padding: .valid))), [x, right])
    }
  }
}
