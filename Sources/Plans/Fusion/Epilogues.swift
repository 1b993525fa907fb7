import Graphs

extension Graph {
  /// Merges into a product or a convolution the bias, the sum, the activation or the activation's
  /// derivative that alone reads its result.
  ///
  /// The merged node stands where the later of the two stood, so all its operands are there.
  func fusingEpilogues(keeping outputs: Set<TensorID>) -> Graph {
    let uses = useCounts
    var result: [Node?] = []
    /// Where in `result` the op lies that computes a tensor read once only.
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
  /// This epilogue and then what `node` does to `sum`, with the operands that this adds; `nil`
  /// where that keeps no order of operations.
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
