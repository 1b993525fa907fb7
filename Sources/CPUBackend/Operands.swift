import Graphs
import Plans

/// Where the tensors of one plan lie in memory.
struct Operands {
  let plan: Plan
  let store: CPUStore
  let arena: CPUMemory
  /// Tensors that lie where another one will.
  private let accumulators: [TensorID: TensorID]

  init(plan: Plan, store: CPUStore, arena: CPUMemory) {
    self.plan = plan
    self.store = store
    self.arena = arena
    accumulators = plan.accumulators
  }

  var threads: Int32 { Int32(store.threads) }

  /// Whether an update follows. oneDNN's relu makes 0 of NaN; where nothing is trained it is not
  /// used, so that what is judged shows what is not finite. While training, losses and gradients
  /// are looked through.
  var trains: Bool {
    plan.steps.contains { if case .update = $0.op { true } else { false } }
  }

  func shape(_ id: TensorID) -> Shape { plan.graph.shape(id) }
  func count(_ id: TensorID) -> Int { plan.graph.shape(id).count }

  /// The first element of a float32 tensor of the plan.
  func floats(_ id: TensorID) -> UnsafeMutablePointer<Float> {
    guard let placement = plan.placements[accumulators[id] ?? id] else {
      preconditionFailure("\(id) has no place in \(plan.name)")
    }
    switch placement {
    case .arena(let offset), .constant(let offset, _), .input(let offset):
      return arena.floats + offset
    case .parameters(let offset): return store.parameters.floats + offset
    case .gradients(let offset): return store.gradients.floats + offset
    case .state(let offset): return store.state.floats + offset
    case .examples, .order, .labels: preconditionFailure("\(id) is read through its feed")
    }
  }

  /// Constants stay in the arena for ever.
  func writeConstants() {
    for (id, placement) in plan.placements {
      guard case .constant(_, let value) = placement else { continue }
      floats(id).update(repeating: Float(value), count: count(id))
    }
  }
}
