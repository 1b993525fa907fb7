import Graphs
import Plans

/// Runs a plan's nodes one after the other.
final class ReferenceExecutable: Executable {
  let plan: Plan
  let store: ReferenceStore
  private var arena: [Double]

  init(_ plan: Plan, _ store: ReferenceStore) {
    self.plan = plan
    self.store = store
    arena = [Double](repeating: 0, count: plan.arenaCount)
    for (id, placement) in plan.placements {
      if case .constant(let offset, let value) = placement {
        for index in 0..<plan.graph.shape(id).count { arena[offset + index] = value }
      }
    }
    store.memory.add(8 * arena.count)
  }

  deinit { store.memory.remove(8 * arena.count) }

  func run() {
    for node in plan.steps { run(node) }
  }

  var launches: [PlannedLaunch] {
    plan.steps.enumerated().map {
      PlannedLaunch(steps: [$0], kernels: [$1.op.operation.word])
    }
  }

  func profile(runs: Int) -> [StepTime] {
    let clock = ContinuousClock()
    var samples = LaunchSamples(
      plan.steps.enumerated().map { ($0, $1.op.operation.word) })
    for _ in 0..<runs {
      samples.add(plan.steps.map { node in clock.measure { run(node) } / .seconds(1) })
    }
    return samples.stepTimes(of: plan)
  }

  func read(_ output: TensorID) -> [Double] { value(output) }

  func write(_ values: [Double], to input: TensorID) { set(input, values) }

  func readArena() -> [Double] { arena }

  func writeArena(_ values: [Double]) {
    precondition(values.count == arena.count)
    arena = values
  }

  /// The present value of a tensor.
  func value(_ id: TensorID) -> [Double] {
    let count = plan.graph.shape(id).count
    switch plan.placements[id] {
    case .arena(let offset), .input(let offset), .constant(let offset, _):
      return Array(arena[offset..<offset + count])
    case .parameters(let offset): return Array(store.parameters[offset..<offset + count])
    case .gradients(let offset): return Array(store.gradients[offset..<offset + count])
    case .state(let offset): return Array(store.state[offset..<offset + count])
    case .examples, .order, .labels, nil:
      preconditionFailure("\(id) has no float value in \(plan.name)")
    }
  }

  func set(_ id: TensorID, _ values: [Double]) {
    let count = plan.graph.shape(id).count
    precondition(values.count == count, "\(id) has \(count) elements, not \(values.count)")
    switch plan.placements[id] {
    case .arena(let offset), .input(let offset):
      arena.replaceSubrange(offset..<offset + count, with: values)
    case .gradients(let offset):
      store.gradients.replaceSubrange(offset..<offset + count, with: values)
    case .state(let offset):
      store.state.replaceSubrange(offset..<offset + count, with: values)
    case .parameters, .constant, .examples, .order, .labels, nil:
      preconditionFailure("\(id) is not written by \(plan.name)")
    }
  }
}
