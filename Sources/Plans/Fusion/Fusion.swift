import Graphs

extension Graph {
  /// The same computation with fewer passes over memory.
  /// - Parameter outputs: tensors that must still be computed.
  func fused(keeping outputs: Set<TensorID>) -> Graph {
    rewritten(by: "upsamplings", keeping: outputs) { $0.fusingUpsamplings(keeping: outputs) }
      .rewritten(by: "poolings", keeping: outputs) {
        $0.movingWorkBeforePoolGradients(keeping: outputs)
      }
      .rewritten(by: "epilogues", keeping: outputs) { $0.fusingEpilogues(keeping: outputs) }
      .rewritten(by: "loss gradients", keeping: outputs) { $0.fusingLossGradients() }
  }

  /// The number of readers of each tensor.
  var useCounts: [TensorID: Int] {
    nodes.reduce(into: [:]) { counts, node in
      for id in node.inputs { counts[id, default: 0] += 1 }
    }
  }
}
