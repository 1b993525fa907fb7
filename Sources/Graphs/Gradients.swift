/// The arguments of a gradient rule: the node, the gradients of its outputs, and which inputs need
/// one.
package struct GradientCall {
  package let inputs: [TensorID]
  package let outputs: [TensorID]
  /// `nil` if no loss depends on the output.
  package let outputGradients: [TensorID?]
  package let wanted: [Bool]

  package init(
    inputs: [TensorID], outputs: [TensorID], outputGradients: [TensorID?], wanted: [Bool]
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.outputGradients = outputGradients
    self.wanted = wanted
  }
}

extension Graph {
  /// Adds the gradient of `Σ weightᵢ · lossᵢ`, in reverse mode, from the ops' own rules.
  /// - Parameters:
  ///   - losses: scalars of this graph and their weights.
  ///   - targets: the tensors to differentiate by.
  /// - Returns: for each target a tensor of its shape.
  package mutating func gradients(
    of losses: [(loss: TensorID, weight: Double)], by targets: [TensorID]
  ) throws(GraphError) -> [TensorID] {
    let weighted = losses.map {
      (loss: $0.loss, weight: add(.constant($0.weight), self[$0.loss].type))
    }
    return try gradients(of: weighted, by: targets)
  }

  /// The same, with weights that are scalars of this graph.
  package mutating func gradients(
    of losses: [(loss: TensorID, weight: TensorID)], by targets: [TensorID]
  ) throws(GraphError) -> [TensorID] {
    let forward = nodes
    let dependent = dependents(on: targets)
    var gradient: [TensorID: TensorID] = [:]
    for (loss, weight) in losses {
      try accumulate(weight, into: &gradient, of: loss)
    }
    for node in forward.reversed() {
      let wanted = node.inputs.map(dependent.contains)
      let outputGradients = node.outputs.map { gradient[$0] }
      guard wanted.contains(true), outputGradients.contains(where: { $0 != nil }) else { continue }
      let call = GradientCall(
        inputs: node.inputs, outputs: node.outputs, outputGradients: outputGradients, wanted: wanted
      )
      guard let op = node.op.operation as? any DifferentiableOperation else {
        throw .notDifferentiable(op: node.op.operation.name)
      }
      let inputGradients = try op.gradients(call, in: &self)
      for (input, inputGradient) in zip(node.inputs, inputGradients) {
        if let inputGradient { try accumulate(inputGradient, into: &gradient, of: input) }
      }
    }
    var found: [TensorID] = []
    for target in targets {
      guard let one = gradient[target] else {
        if case .parameter(let name) = self[target].role { throw .unreachable(parameter: name) }
        throw .unreachable(parameter: "\(target)")
      }
      found.append(one)
    }
    return found
  }

  /// Every tensor that is computed, directly or indirectly, from one of `sources` by differentiable
  /// ops; including `sources`.
  private func dependents(on sources: [TensorID]) -> Set<TensorID> {
    var found = Set(sources)
    for node in nodes
    where node.op.operation.isDifferentiable && node.inputs.contains(where: found.contains) {
      found.formUnion(node.outputs)
    }
    return found
  }

  private mutating func accumulate(
    _ part: TensorID, into gradient: inout [TensorID: TensorID], of tensor: TensorID
  ) throws(GraphError) {
    if let known = gradient[tensor] {
      gradient[tensor] = try add(.add(Add()), [known, part])[0]
    } else {
      gradient[tensor] = part
    }
  }
}
