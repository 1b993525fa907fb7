import Graphs

extension Graph {
  /// The same computation in fewer passes over memory.
  /// - Parameter outputs: tensors that must still be computed as such.
  func fused(keeping outputs: Set<TensorID>) -> Graph {
    fusingUpsamplings(keeping: outputs)
      .movingWorkBeforePoolGradients(keeping: outputs)
      .fusingEpilogues(keeping: outputs)
      .fusingLossGradients()
  }

  /// How often each tensor is read.
  var useCounts: [TensorID: Int] {
    nodes.reduce(into: [:]) { counts, node in
      for id in node.inputs { counts[id, default: 0] += 1 }
    }
  }
}
