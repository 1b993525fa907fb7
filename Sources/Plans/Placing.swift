import Graphs

/// Assigns memory to every tensor of `graph`: parameters, their gradients and layer state in the
/// flat buffers, all others in an arena, where two tensors share elements only if they are never
/// needed at the same time.
///
/// A view, such as a reshape, has the memory of its operand. Tensors that share memory in this way
/// are placed together, for their common lifetime. The largest are placed first, each at the lowest
/// offset that is free during its lifetime.
func place(
  _ graph: Graph, keeping outputs: [TensorID], parameters: ParameterLayout, state: StateLayout
) -> (placements: [TensorID: Placement], arenaCount: Int) {
  var placements: [TensorID: Placement] = [:]
  let views = ViewOrigins(graph)
  for node in graph.nodes {
    guard case .update(let op) = node.op else { continue }
    let parameterIDs = op.parameters(of: graph)
    precondition(
      node.inputs.count == parameterIDs.count, "an update needs one gradient per parameter")
    let gradients = node.inputs.map { views[$0] }
    precondition(
      Set(gradients).count == gradients.count
        && gradients.allSatisfy { graph[$0].role == .value },
      "every gradient must be computed separately")
    for (gradient, parameter) in zip(gradients, parameterIDs) {
      placements[gradient] = .gradients(offset: parameters.entry(named: parameter.name)!.offset)
    }
  }

  let lives = lifetimes(of: graph, keeping: outputs)
  var arenaTensors: [(id: TensorID, life: ClosedRange<Int>)] = []
  for (id, life) in views.merged(lives) {
    switch graph[id].role {
    case .parameter(let name):
      guard let entry = parameters.entry(named: name) else {
        preconditionFailure("parameter \(name) is not in the layout")
      }
      placements[id] = .parameters(offset: entry.offset)
    case .state(let name):
      guard let entry = state.entry(named: name) else {
        preconditionFailure("state \(name) is not in the layout")
      }
      placements[id] = .state(offset: entry.offset)
    case .examples(let feed): placements[id] = .examples(feed)
    case .order(let feed): placements[id] = .order(feed)
    case .labels(let feed): placements[id] = .labels(feed)
    case .input, .constant: arenaTensors.append((id, 0...graph.nodes.count))
    case .value: if placements[id] == nil { arenaTensors.append((id, life)) }
    }
  }

  var placed: [(life: ClosedRange<Int>, elements: Range<Int>)] = []
  let largestFirst = arenaTensors.sorted {
    (graph.shape($0.id).count, $1.id) > (graph.shape($1.id).count, $0.id)
  }
  for (id, life) in largestFirst {
    let count = aligned(max(graph.shape(id).count, 1))
    var offset = 0
    for other in placed.filter({ $0.life.overlaps(life) })
      .sorted(by: { $0.elements.lowerBound < $1.elements.lowerBound })
    {
      if offset + count <= other.elements.lowerBound { break }
      offset = max(offset, other.elements.upperBound)
    }
    placed.append((life, offset..<offset + count))
    placements[id] =
      switch graph[id].role {
      case .constant(let value): .constant(offset: offset, value: value)
      case .input: .input(offset: offset)
      default: .arena(offset: offset)
      }
  }
  for (id, _) in lives { placements[id] = placements[views[id]] }
  return (placements, placed.map(\.elements.upperBound).max() ?? 0)
}

/// From the step that computes a tensor to the last one that reads it; an output lives to the end.
private func lifetimes(
  of graph: Graph, keeping outputs: [TensorID]
) -> [(id: TensorID, life: ClosedRange<Int>)] {
  var first: [TensorID: Int] = [:]
  var last: [TensorID: Int] = [:]
  for (index, node) in graph.nodes.enumerated() {
    for id in node.inputs + node.outputs {
      first[id] = first[id] ?? index
      last[id] = index
    }
  }
  for id in outputs {
    first[id] = first[id] ?? 0
    last[id] = graph.nodes.count
  }
  return first.keys.sorted().map { ($0, first[$0]!...last[$0]!) }
}

/// For each tensor the tensor that it is a view of, or itself.
private struct ViewOrigins {
  private var origins: [TensorID: TensorID] = [:]

  init(_ graph: Graph) {
    for node in graph.nodes {
      for (result, operand) in node.aliases { origins[result] = self[operand] }
    }
  }

  subscript(id: TensorID) -> TensorID { origins[id] ?? id }

  /// One lifetime for all tensors that share memory, by the tensor that they are views of.
  func merged(
    _ lives: [(id: TensorID, life: ClosedRange<Int>)]
  ) -> [(id: TensorID, life: ClosedRange<Int>)] {
    var merged: [TensorID: ClosedRange<Int>] = [:]
    for (id, life) in lives {
      let known = merged[self[id]] ?? life
      merged[self[id]] =
        min(known.lowerBound, life.lowerBound)...max(known.upperBound, life.upperBound)
    }
    return merged.keys.sorted().map { ($0, merged[$0]!) }
  }
}

extension Plan {
  /// The same plan with separate memory for every tensor: its steps may run in any order that
  /// respects their dependencies.
  package var spread: Plan {
    let views = ViewOrigins(graph)
    var offsets: [TensorID: Int] = [:]
    var count = 0
    func offset(_ id: TensorID) -> Int {
      if let known = offsets[views[id]] { return known }
      let offset = count
      offsets[views[id]] = offset
      count += aligned(max(graph.shape(views[id]).count, 1))
      return offset
    }
    var spread = placements
    for (id, placement) in placements.sorted(by: { $0.key < $1.key }) {
      switch placement {
      case .arena: spread[id] = .arena(offset: offset(id))
      case .constant(_, let value): spread[id] = .constant(offset: offset(id), value: value)
      case .input: spread[id] = .input(offset: offset(id))
      case .parameters, .gradients, .state, .examples, .order, .labels: break
      }
    }
    return Plan(
      name: name, graph: graph, outputs: outputs, placements: spread, arenaCount: count)
  }
}
