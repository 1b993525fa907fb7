import Graphs
import OpenCLBackend
import Plans
import TestSupport
import Testing

/// `dW = xᵀ dy` and `db`, the column sums of `dy`, which ride on that product, by every candidate.
@Suite(.serialized) struct ColumnSumTests {
  /// Weights of `inputs` × `outputs`, a batch of examples.
  static let sizes = OpCases.few([
    (17, 33, 65), (65, 20, 257), (3, 1, 33), (130, 129, 40), (33, 65, 16), (17, 290, 530),
  ])

  @Test(arguments: OpenCLTestDevice.forced)
  func agreeWithLoops(_ device: OpenCLTestDevice) throws {
    for (inputs, outputs, batch) in Self.sizes {
      let (plan, x, dy) = try gradients(inputs, outputs, batch)
      let layout = StoreLayout(
        parameters: Self.layout(inputs, outputs), momentCount: 0, seed: 0, feeds: [:])
      let store = try device.open().makeStore(layout)
      let executable = try store.prepare(plan)
      if device.serves(plan.products[0].shape) {
        #expect(device.isFollowed(in: executable.productChoices))
      }
      func numbers(_ count: Int, _ prime: Int) -> [Double] {
        (0..<count).map { Double(($0 * prime + $0 / 7) % 61 - 30) / 64 }
      }
      let (images, errors) = (numbers(batch * inputs, 37), numbers(batch * outputs, 23))
      try executable.write(images, to: x)
      try executable.write(errors, to: dy)
      try store.write([Double](repeating: .nan, count: layout.parameters.count), to: .gradients)
      try executable.run()
      let bound = Tolerance(absolute: 1e-7 * Double(batch) + 1e-6, relative: 1e-6)
      let sums = (0..<outputs).map { column in
        (0..<batch).map { errors[$0 * outputs + column] }.reduce(0, +)
      }
      #expect(bound.firstDifference(try executable.read(plan.outputs[1]), sums) == nil)
      let weights = (0..<inputs * outputs).map { index in
        (0..<batch).map {
          images[$0 * inputs + index / outputs] * errors[$0 * outputs + index % outputs]
        }
        .reduce(0, +)
      }
      #expect(bound.firstDifference(try executable.read(plan.outputs[0]), weights) == nil)
    }
  }

  private static func layout(_ inputs: Int, _ outputs: Int) -> ParameterLayout {
    ParameterLayout([("weight", [inputs, outputs]), ("bias", [outputs])])
  }

  /// The two gradients' part of a training step.
  private func gradients(
    _ inputs: Int, _ outputs: Int, _ batch: Int
  ) throws -> (plan: Plan, x: TensorID, dy: TensorID) {
    var graph = Graph()
    _ = graph.add(.parameter(name: "weight"), TensorType([inputs, outputs]))
    _ = graph.add(.parameter(name: "bias"), TensorType([outputs]))
    let x = graph.add(.input(name: "x"), TensorType([batch, inputs]))
    let dy = graph.add(.input(name: "dy"), TensorType([batch, outputs]))
    let dW = try graph.add(.product(Product(transposeA: true)), [x, dy])[0]
    let db = try graph.add(.columnSum(ColumnSum()), [dy])[0]
    try graph.add(.update(Update(.sgd(momentum: 0, nesterov: false))), [dW, db])
    let whole = Plan("step", graph, outputs: [], parameters: Self.layout(inputs, outputs))
    let plan = whole.product(at: whole.products[0].step)
    #expect(plan.products.map(\.shape.columnSums) == [true] && plan.outputs == [dW, db])
    return (plan, x, dy)
  }
}
