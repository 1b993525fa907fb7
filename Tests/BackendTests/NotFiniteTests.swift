import Graphs
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// NaN stays NaN in ops that select the larger of two numbers, on every backend.
@Suite(.serialized) struct NotFiniteTests {
  private func results(
    _ backend: any Backend, _ shape: Shape, _ build: (inout Graph, TensorID) throws -> TensorID
  ) throws -> [Double] {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType(shape))
    let y = try build(&graph, x)
    let plan = Plan("nan", graph, outputs: [y], parameters: noParameters)
    let executable = try backend.makeStore(.empty).prepare(plan)
    var values = (0..<shape.count).map { Double($0 * 7 % 11) - 5 }
    for place in [0, 3, shape.count / 2, shape.count - 1] { values[place] = .nan }
    try executable.write(values, to: x)
    for (name, id) in plan.inputs where name != "x" {
      try executable.write((0..<graph.shape(id).count).map { Double($0 % 5) - 2 }, to: id)
    }
    try executable.run()
    return try executable.read(y)
  }

  private func expectAgreement(
    _ backend: TestBackend, _ shape: Shape,
    _ build: (inout Graph, TensorID) throws -> TensorID
  ) throws {
    let judged = try results(backend.make(), shape, build)
    let judge = try results(ReferenceBackend(), shape, build)
    #expect(judge.contains { $0.isNaN } && judge.contains { !$0.isNaN })
    for (index, (a, b)) in zip(judged, judge).enumerated() {
      #expect(
        a.isNaN == b.isNaN && (a.isNaN || abs(a - b) <= 1e-4 * abs(b) + 1e-5),
        "element \(index) of \(shape) is \(a), expected \(b)")
    }
  }

  @Test(arguments: TestBackend.all)
  func relu(_ backend: TestBackend) throws {
    for activation in [Activation.relu, .leakyRelu, .elu] {
      try expectAgreement(backend, [5, 33]) { graph, x in
        try graph.add(.activate(Activate(activation)), [x])[0]
      }
      for (rows, inputs, outputs) in [(9, 3, 5), (128, 64, 96)] as [(Int, Int, Int)] {
        try expectAgreement(backend, [rows, inputs]) { graph, x in
          let w = graph.add(.input(name: "w"), TensorType([inputs, outputs]))
          let b = graph.add(.input(name: "b"), TensorType([outputs]))
          let product = try graph.add(.product(Product()), [x, w])[0]
          let sum = try graph.add(.addBias(AddBias()), [product, b])[0]
          return try graph.add(.activate(Activate(activation)), [sum])[0]
        }
      }
    }
  }

  @Test(arguments: TestBackend.all)
  func maximum(_ backend: TestBackend) throws {
    for window in [Window(2, stride: 2, padding: .same), Window(3, stride: 2, padding: .same)] {
      for shape in [[2, 6, 6, 3], [1, 7, 5, 33]] as [Shape] {
        try expectAgreement(backend, shape) { graph, x in
          try graph.add(.pool2D(Pool2D(.maximum, window)), [x])[0]
        }
      }
    }
  }

  @Test(arguments: TestBackend.all)
  func convolutionWithReluAndMaximum(_ backend: TestBackend) throws {
    let window = Window(3, padding: .same)
    for (channels, filters) in [(1, 16), (16, 16), (2, 3)] as [(Int, Int)] {
      for pools in [false, true] {
        try expectAgreement(backend, [8, 12, 12, channels]) { graph, x in
          let w = graph.add(.input(name: "w"), TensorType([3, 3, channels, filters]))
          let b = graph.add(.input(name: "b"), TensorType([filters]))
          let y = try graph.add(.conv2D(Conv2D(window)), [x, w])[0]
          let sum = try graph.add(.addBias(AddBias()), [y, b])[0]
          let relu = try graph.add(.activate(Activate(.relu)), [sum])[0]
          guard pools else { return relu }
          let pool = Pool2D(.maximum, Window(2, stride: 2, padding: .same))
          return try graph.add(.pool2D(pool), [relu])[0]
        }
      }
    }
  }
}
