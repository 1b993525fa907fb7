import Graphs

extension Plan {
  /// One step with nothing else of the plan: what is to compute it anew, from operands that are
  /// known.
  ///
  /// What lies in the arena, and gradients that the step computes, has a place of its own in a small
  /// arena; what the step finds in the store lies where it did. A step that moves parameters, or
  /// ends a phase, finds gradients there.
  package func alone(step: Int) -> Plan {
    let node = steps[step]
    let readsStore =
      switch node.op {
      case .record, .update: true
      default: false
      }
    var alone: [TensorID: Placement] = [:]
    var count = 0
    for id in node.inputs + node.outputs where alone[id] == nil {
      guard let placement = placements[id] else { continue }
      switch placement {
      case .gradients where readsStore: alone[id] = placement
      case .arena, .input, .constant, .gradients:
        alone[id] = .arena(offset: count)
        count += aligned(max(graph.shape(id).count, 1))
      case .parameters, .state, .examples, .order, .labels: alone[id] = placement
      }
    }
    return Plan(
      name: "\(name)-step-\(step + 1)", graph: graph.with(nodes: [node]), outputs: node.outputs,
      placements: alone, arenaCount: count)
  }
}
