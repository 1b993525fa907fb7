import Graphs

extension Graph {
  /// Moves operations after the gradient of a max pooling before it, where there are fewer pixels.
  ///
  /// Each `dy` goes to a single pixel, whose value is the maximum. So if the images are the result
  /// of an activation, its derivative at that pixel equals the derivative at the pooled pixel; and
  /// the sum over all pixels equals the sum of `dy`.
  /// over all pixels is that of `dy`.
  func movingWorkBeforePoolGradients(keeping outputs: Set<TensorID>) -> Graph {
    var graph = self
    let uses = useCounts
    /// The gradients of poolings so far, by result; the poolings' results, by images and window.
    var gradients: [TensorID: Node] = [:]
    var pooled: [Pool2D: [TensorID: TensorID]] = [:]
    var result: [Node] = []
    for node in nodes {
      switch node.op {
      case .pool2D(let op): pooled[op, default: [:]][node.inputs[0]] = node.outputs[0]
      case .pool2DGradient(let op) where op.pooling == .maximum:
        gradients[node.outputs[0]] = node
      case .columnSum:
        guard let gradient = gradients[node.inputs[0]] else { break }
        result.append(Node(op: node.op, inputs: [gradient.inputs[0]], outputs: node.outputs))
        continue
      case .activateGradient:
        guard let gradient = gradients[node.inputs[0]], case .pool2DGradient(let op) = gradient.op,
          node.inputs[1] == gradient.inputs[1], uses[node.inputs[0]] == 1,
          !outputs.contains(node.inputs[0]),
          let largest = pooled[Pool2D(.maximum, op.window)]?[node.inputs[1]]
        else { break }
        let dy = gradient.inputs[0]
        let before = graph.add(.value, graph[dy].type)
        let moved = Node(
          op: gradient.op, inputs: [before, gradient.inputs[1]], outputs: node.outputs)
        result.removeAll { $0.outputs == gradient.outputs }
        result.append(Node(op: node.op, inputs: [dy, largest], outputs: [before]))
        result.append(moved)
        gradients[node.outputs[0]] = moved
        continue
      default: break
      }
      result.append(node)
    }
    return graph.with(nodes: result)
  }
}
