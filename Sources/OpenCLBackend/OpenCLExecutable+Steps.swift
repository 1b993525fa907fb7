import Graphs
import Plans

extension OpenCLExecutable: SteppedExecutable {
  /// In the first queue, whichever it is queued in otherwise.
  func run(launch index: Int) throws {
    try steps[index].run(on: store.backend.queue)
    try store.finish()
  }

  func floats(of tensor: TensorID) throws -> [Float] {
    let (buffer, offset) = floats(tensor)
    return try buffer.read(Float.self, at: offset, count: plan.graph.shape(tensor).count)
  }

  func set(_ tensor: TensorID, to values: [Float]) throws {
    let (buffer, offset) = floats(tensor)
    try buffer.write(values, at: offset)
  }
}

extension LaunchList {
  /// The step whose launch computes a step that has none of its own.
  var hosts: [Int: Int] {
    var makers: [TensorID: Int] = [:]
    for (index, step) in plan.steps.enumerated() {
      for output in step.outputs { makers[output] = index }
    }
    func host(of step: Int) -> Int {
      let node = plan.steps[step]
      let carried =
        columnSumsBeside.first { node.outputs.contains($1) }?.key
        ?? activationsBeside.first { node.outputs.contains($1.result) }?.key
        ?? node.inputs.first { lossesBeside[$0] == node }
      return carried.flatMap { makers[$0] }.map(host) ?? step
    }
    let all = plan.steps.indices.map { ($0, host(of: $0)) }
    return Dictionary(uniqueKeysWithValues: all.filter { $0 != $1 })
  }

  /// Products that are judged and not stored, gradients that go through an activation at once, and
  /// scalars of which only partial sums are kept.
  var unstored: Set<TensorID> {
    let scalars = partials.keys.filter { !isRead($0) }
    return Set(lossesBeside.keys).union(activationsBeside.keys).union(scalars)
  }
}
