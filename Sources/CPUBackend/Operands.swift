import Graphs
import Plans

/// The memory of the tensors of a plan.
struct Operands {
  let plan: Plan
  let store: CPUStore
  let arena: CPUMemory
  let threads: Int32
  /// Tensors that are computed in the memory of another.
  private let accumulators: [TensorID: TensorID]

  init(plan: Plan, store: CPUStore, arena: CPUMemory, threads: Int) {
    self.threads = Int32(threads)
    self.plan = plan
    self.store = store
    self.arena = arena
    accumulators = plan.accumulators
  }

  /// Whether an update follows. oneDNN's relu converts NaN to 0. Without training it is not used,
  /// so that evaluations show values that are not finite. In training, losses and gradients are
  /// checked.
  var trains: Bool {
    plan.steps.contains { if case .update = $0.op { true } else { false } }
  }

  func shape(_ id: TensorID) -> Shape { plan.graph.shape(id) }
  func count(_ id: TensorID) -> Int { plan.graph.shape(id).count }

  /// The first element of a float32 tensor of the plan.
  func floats(_ id: TensorID) -> UnsafeMutablePointer<Float> {
    guard let placement = plan.placements[accumulators[id] ?? id] else {
      preconditionFailure("\(id) has no memory in \(plan.name)")
    }
    switch placement {
    case .arena(let offset), .constant(let offset, _), .input(let offset):
      return arena.floats + offset
    case .parameters(let offset): return store.parameters.floats + offset
    case .gradients(let offset): return store.gradients.floats + offset
    case .state(let offset): return store.state.floats + offset
    case .examples, .order, .labels: preconditionFailure("\(id) can only be read through its feed")
    }
  }

  /// Constants stay in the arena.
  func writeConstants() {
    for (id, placement) in plan.placements {
      guard case .constant(_, let value) = placement else { continue }
      floats(id).update(repeating: Float(value), count: count(id))
    }
  }
}
