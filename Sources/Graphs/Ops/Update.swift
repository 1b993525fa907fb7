/// Moves the parameters of a phase by their gradients, as the optimizer says, with the row of the
/// training feed's table that the step just recorded had; does nothing once a non-finite step was
/// noted, or where its gate is shut.
///
/// Gradients are clipped before, if they are. The norm is that of all the phase's gradients
/// together: one sum over its part of the flat gradient buffer, whose gaps hold zeros. `Record`
/// reads the same buffer just before, so that a backend need not read it once more: it may add the
/// squares up there, where the plan's update clips by norm.
/// - The gradients, in the order of `moves`. No result: it changes the parameters.
package struct Update: Operation {
  package let optimizer: Optimizer
  package let clipping: GradientClipping
  /// The names of the parameters that it moves; `nil` for all of the graph's.
  package let moves: [String]?
  /// The phase's number in a step: whose moments and columns of the table these are.
  package let phase: Int
  /// Whether the phase's record has counted the row up.
  package let isLast: Bool
  /// Which steps it moves anything in; `nil` for all.
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

  /// The parameters of `graph` that it moves, in order.
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

  /// Adam: 12 operations a parameter, AdamW 14; RMSprop: 7, with momentum 9; SGD: 2, with momentum
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

/// How large gradients may be.
package enum GradientClipping: Hashable, Sendable {
  case none
  /// `g ← min(max(g, −c), c)`, each by itself.
  case value(Double)
  /// `g ← g · c / max(‖g‖, c)`, with the norm over all gradients together (Pascanu et al. 2013).
  case norm(Double)

  package var isByNorm: Bool { if case .norm = self { true } else { false } }
}
