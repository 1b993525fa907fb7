import Graphs

extension Graph {
  /// Merges into a product the bias, the sum, the activation or the activation's derivative that alone
  /// reads its result.
  ///
  /// The merged node stands where the later of the two stood, so all its operands are there.
  func fusingEpilogues(keeping outputs: Set<TensorID>) -> Graph {
    let uses = useCounts
    var result: [Node?] = []
    /// Where in `result` the product lies that computes a tensor read once only.
    var open: [TensorID: Int] = [:]
    for node in nodes {
      var node = node
      for input in node.inputs {
        guard let index = open[input], case .product(let product)? = result[index]?.op,
          let merged = product.merging(node, reading: input, operands: result[index]!.inputs)
        else { continue }
        result[index] = nil
        node = Node(op: .product(merged.product), inputs: merged.inputs, outputs: node.outputs)
        break
      }
      if case .product = node.op, uses[node.outputs[0]] == 1, !outputs.contains(node.outputs[0]) {
        open[node.outputs[0]] = result.count
      }
      result.append(node)
    }
    return with(nodes: result.compactMap(\.self))
  }
}

extension Product {
  /// This product with `node` done in its epilogue, or `nil` where that keeps no order of operations.
  fileprivate func merging(
    _ node: Node, reading sum: TensorID, operands: [TensorID]
  ) -> (product: Product, inputs: [TensorID])? {
    var after = epilogue
    let other: [TensorID]
    switch node.op {
    case .addBias where epilogue == Epilogue() && node.inputs[0] == sum:
      after.bias = true
      other = [node.inputs[1]]
    case .add where epilogue == Epilogue() && node.inputs[0] != node.inputs[1]:
      after.addend = true
      other = node.inputs.filter { $0 != sum }
    case .activate(let op)
    where epilogue.activation == .identity && epilogue.derivativeOf == .identity:
      after.activation = op.activation
      other = []
    case .activateGradient(let op)
    where !epilogue.bias && epilogue.activation == .identity && epilogue.derivativeOf == .identity
      && node.inputs[0] == sum && node.inputs[1] != sum:
      after.derivativeOf = op.activation
      other = [node.inputs[1]]
    default: return nil
    }
    let product = Product(transposeA: transposeA, transposeB: transposeB, epilogue: after)
    return (product, operands + other)
  }
}
