import Graphs

extension Graph {
  /// Fuses bias, addend, activation or derivative of an activation into a product or convolution,
  /// if it is the only reader of its result.
  ///
  /// The fused node is at the later of the two positions, so that all its operands are computed
  /// before.
  func fusingEpilogues(keeping outputs: Set<TensorID>) -> Graph {
    let uses = useCounts
    var result: [Node?] = []
    /// The index in `result` of the node that computes a tensor with a single reader.
    var open: [TensorID: Int] = [:]
    for node in nodes {
      var node = node
      for input in node.inputs {
        guard let index = open[input], let before = result[index], let op = before.op.withEpilogue,
          let merged = op.epilogue.merging(node, reading: input)
        else { continue }
        result[index] = nil
        node = Node(
          op: op.with(merged.epilogue), inputs: before.inputs + merged.operands,
          outputs: node.outputs)
        break
      }
      if node.op.withEpilogue != nil, uses[node.outputs[0]] == 1, !outputs.contains(node.outputs[0])
      {
        open[node.outputs[0]] = result.count
      }
      result.append(node)
    }
    return with(nodes: result.compactMap(\.self))
  }
}

extension EpilogueOperation {
  fileprivate func with(_ epilogue: Epilogue) -> Op {
    var copy = self
    copy.epilogue = epilogue
    return copy.op
  }
}

extension Epilogue {
  /// This epilogue followed by the operation of `node` on `sum`, with the additional operands;
  /// `nil` if the order of operations would change.
  fileprivate func merging(
    _ node: Node, reading sum: TensorID
  ) -> (epilogue: Epilogue, operands: [TensorID])? {
    var after = self
    switch node.op {
    case .addBias where self == Epilogue() && node.inputs[0] == sum:
      after.bias = true
      return (after, [node.inputs[1]])
    case .add where self == Epilogue() && node.inputs[0] != node.inputs[1]:
      after.addend = true
      return (after, node.inputs.filter { $0 != sum })
    case .activate(let op) where activation == .identity && derivativeOf == .identity:
      after.activation = op.activation
      return (after, [])
    case .activateGradient(let op)
    where !bias && activation == .identity && derivativeOf == .identity
      && node.inputs[0] == sum && node.inputs[1] != sum:
      after.derivativeOf = op.activation
      return (after, [node.inputs[1]])
    default: return nil
    }
  }
}
