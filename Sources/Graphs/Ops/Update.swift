/// Updates the parameters of a phase by their gradients with the optimizer, using the row of the
/// training feed's table for the step just recorded. It does nothing after a non-finite step, or if
/// its gate is closed.
///
/// Gradients are clipped before, if clipping is set. The norm is that of all gradients of the
/// phase: one sum over its part of the flat gradient buffer, whose gaps are zero. `Record` reads
/// the same buffer just before; so a backend may compute the sum of squares there if the plan's
/// update clips by norm.
/// - The gradients, in the order of `moves`. No result: it changes the parameters.
package struct Update: Operation {
  package let optimizer: Optimizer
  package let clipping: GradientClipping
  /// The names of the parameters that it updates; `nil` for all of the graph's.
  package let moves: [String]?
  /// The phase's index in the step, for its moments and its columns of the table.
  package let phase: Int
  /// Whether the phase's record has already incremented the row.
  package let isLast: Bool
  /// The condition of the update; `nil` to update in every step.
  package let gate: Gate?

  package init(
    _ optimizer: Optimizer, clipping: GradientClipping = .none, moves: [String]? = nil,
    phase: Int = 0, isLast: Bool = true, gate: Gate? = nil
  ) {
    self.gate = gate
    self.optimizer = optimizer
    self.clipping = clipping
    self.moves = moves
    self.phase = phase
    self.isLast = isLast
  }

  /// The parameters of `graph` that it updates, in order.
  package func parameters(of graph: Graph) -> [(name: String, id: TensorID)] {
    guard let moves else { return graph.parameters }
    let named = Dictionary(graph.parameters.map { ($0.name, $0) }) { first, _ in first }
    return moves.map { name in
      guard let parameter = named[name] else { preconditionFailure("no parameter \(name)") }
      return parameter
    }
  }

  package var name: String {
    let limits =
      switch clipping {
      case .none: ""
      case .value(let limit): ", each within ±\(limit)"
      case .norm(let limit): ", norm at most \(limit)"
      }
    return "update(\(optimizer.name)\(limits)\(gate.map { ", \($0.text)" } ?? ""))"
  }

  package func outputTypes(of inputs: [TensorType]) throws(GraphError) -> [TensorType] { [] }

  /// Adam: 12 operations per parameter, AdamW 14; RMSprop 7, with momentum 9; SGD 2, with momentum
  /// 4; clipping by value 2, by norm 3.
  package func floatingPointOperations(inputs: [Shape], outputs: [Shape]) -> Int {
    let count = inputs.map(\.count).reduce(0, +)
    let moving =
      switch optimizer {
      case .adam: 12
      case .adamW: 14
      case .rmsProp(_, let momentum, _): momentum == 0 ? 7 : 9
      case .sgd(let momentum, _): momentum == 0 ? 2 : 4
      }
    let clipped =
      switch clipping {
      case .none: 0
      case .value: 2
      case .norm: 3
      }
    return (moving + clipped) * count
  }
}

/// The limit of gradients.
package enum GradientClipping: Hashable, Sendable {
  case none
  /// `g ← min(max(g, −c), c)`, for each element.
  case value(Double)
  /// `g ← g · c / max(‖g‖, c)`, with the norm over all gradients together (Pascanu et al. 2013).
  case norm(Double)

  package var isByNorm: Bool { if case .norm = self { true } else { false } }
}
