import Graphs
import Plans

extension Plan {
  /// Addends of products that can be computed in the memory of the sum, each with the sum: the
  /// product then adds to its result (`C = Aᵀ · B + C`), which needs neither memory for the addend
  /// nor a pass that adds it.
  ///
  /// Such an addend has no other reader, and such a sum is a parameter's gradient, whose memory is
  /// not used for anything else.
  package var accumulators: [TensorID: TensorID] {
    let reads = steps.flatMap(\.inputs).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    var computed: Set<TensorID> = []
    for step in steps {
      if step.viewedInput != nil { continue }
      computed.formUnion(step.outputs)
    }
    var accumulators: [TensorID: TensorID] = [:]
    for step in steps {
      guard case .product(let op) = step.op, let index = op.operandIndices.addend,
        ProductRoute(op, step, in: graph) == .sgemm
      else { continue }
      let (addend, sum) = (step.inputs[index], step.outputs[0])
      guard case .arena? = placements[addend], case .gradients? = placements[sum],
        reads[addend] == 1, computed.contains(addend), !outputs.contains(addend)
      else { continue }
      accumulators[addend] = sum
    }
    return accumulators
  }
}
