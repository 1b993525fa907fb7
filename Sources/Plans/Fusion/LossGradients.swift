import Graphs

extension Graph {
  /// Computes a reconstruction loss and its gradient in one pass, if both are needed for the same
  /// operands.
  func fusingLossGradients() -> Graph {
    var gradients: [[TensorID]: Int] = [:]
    for (index, node) in nodes.enumerated() {
      if case .reconstructionLossGradient = node.op { gradients[node.inputs] = index }
    }
    var replaced: [Int: Node?] = [:]
    for (index, node) in nodes.enumerated() {
      guard case .reconstructionLoss(let loss) = node.op,
        let (inputs, other) = gradients.first(where: { $0.key.dropLast() == node.inputs[...] }),
        constant(inputs[inputs.count - 1]) != nil,
        nodes[other].op == .reconstructionLossGradient(.init(loss.error, loss.scale))
      else { continue }
      replaced[index] = Node(
        op: .reconstructionLossWithGradient(.init(loss.error, loss.scale)), inputs: inputs,
        outputs: node.outputs + nodes[other].outputs)
      replaced[other] = .some(nil)
    }
    return with(nodes: nodes.indices.compactMap { replaced[$0] ?? nodes[$0] })
  }
}
