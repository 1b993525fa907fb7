import Graphs

/// A graph that is fused, ordered and placed in memory: the input of a backend.
package struct Plan: Hashable, Sendable {
  package let name: String
  package let graph: Graph
  /// Tensors that are read after a run; their memory is not reused.
  package let outputs: [TensorID]
  /// The memory of each tensor in use.
  package let placements: [TensorID: Placement]
  /// The size of the plan's arena, in elements.
  package let arenaCount: Int

  /// The steps, in order.
  package var steps: [Node] { graph.nodes }

  /// Plans `graph`.
  /// - Parameters:
  ///   - parameters, state: the layouts that all plans of the run share.
  /// - fused: whether to fuse ops; the results are the same up to rounding.
  package init(
    _ name: String, _ graph: Graph, outputs: [TensorID], parameters: ParameterLayout,
    state: StateLayout = .empty, fused: Bool = true
  ) {
    self.name = name
    self.outputs = outputs
    self.graph = fused ? graph.fused(keeping: Set(outputs)) : graph
    (placements, arenaCount) = place(
      self.graph, keeping: outputs, parameters: parameters, state: state)
  }

  /// A plan derived from another.
  init(
    name: String, graph: Graph, outputs: [TensorID], placements: [TensorID: Placement],
    arenaCount: Int
  ) {
    self.name = name
    self.graph = graph
    self.outputs = outputs
    self.placements = placements
    self.arenaCount = arenaCount
  }

  /// The tensors that the host writes before the first run, by name.
  package var inputs: [String: TensorID] {
    var inputs: [String: TensorID] = [:]
    for id in placements.keys {
      if case .input(let name) = graph[id].role { inputs[name] = id }
    }
    return inputs
  }

  /// Floating-point operations of one run.
  package var floatingPointOperations: Int {
    steps.reduce(0) { $0.addingCapped(floatingPointOperations(of: $1)) }
  }

  package func floatingPointOperations(of step: Node) -> Int {
    step.op.operation.floatingPointOperations(
      inputs: step.inputs.map(graph.shape), outputs: step.outputs.map(graph.shape))
  }

  /// Bytes that a step reads and writes, each operand counted once. A gather only reads the
  /// examples of its batch; an update also reads and writes the parameters and moments.
  package func byteCount(of step: Node) -> Int {
    let operands = (step.inputs + step.outputs).map { graph[$0].type.byteCount }.reduce(0, +)
    switch step.op {
    case .gather(let op):
      let examples = graph[step.inputs[0]].type
      let one = examples.byteCount / max(examples.shape[0], 1)
      let normalization = step.inputs.dropFirst(2).map { graph[$0].type.byteCount }.reduce(0, +)
      return op.batchSize * (one + 4) + normalization + graph[step.outputs[0]].type.byteCount
    case .update(let op): return operands * (3 + 2 * op.optimizer.momentCount)
    case .reshape, .straightThrough: return 0
    default: return operands
    }
  }
}

/// The memory of a tensor. Offsets are in elements.
package enum Placement: Hashable, Sendable {
  /// In the plan's own arena, for as long as the tensor is needed.
  case arena(offset: Int)
  case parameters(offset: Int)
  /// In the flat gradient buffer, at the offset of its parameter.
  case gradients(offset: Int)
  /// In the flat buffer of layer state.
  case state(offset: Int)
  case examples(Feed)
  case order(Feed)
  case labels(Feed)
  /// In the arena, written once when the plan is prepared.
  case constant(offset: Int, value: Double)
  /// In the arena, written by the host.
  case input(offset: Int)
}
