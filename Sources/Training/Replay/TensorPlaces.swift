import Graphs

/// The positions of the nodes of a step's graph, in terms of the recipe.
struct TensorPlaces {
  private let graph: Graph
  /// The layer that computed a tensor: `encoder.1`.
  private var layers: [TensorID: String] = [:]
  /// For the gradient of a parameter: the parameter.
  private var gradients: [TensorID: String] = [:]
  /// The nodes after the first loss.
  private var behindLoss: Set<Node> = []
  private var losses: Set<TensorID> = []

  init(_ graph: Graph) {
    self.graph = graph
    for node in graph.nodes {
      if case .update(let update) = node.op {
        for (parameter, gradient) in zip(update.parameters(of: graph), node.inputs) {
          gradients[gradient] = parameter.name
        }
      }
      if case .record(let record) = node.op {
        losses.formUnion(node.inputs.prefix(record.partCount))
      }
    }
    var hasLoss = false
    for node in graph.nodes {
      let own =
        node.inputs.compactMap { Self.layer(of: graph[$0]) }.first
        ?? node.inputs.compactMap { layers[$0] }.first
      for output in node.outputs { layers[output] = own }
      if hasLoss { behindLoss.insert(node) }
      if node.outputs.contains(where: losses.contains) { hasLoss = true }
    }
  }

  /// `product at encoder.1`, `gradient of encoder.1.weight`, `reconstructionLoss`.
  func name(of node: Node) -> String {
    if let parameter = node.outputs.lazy.compactMap({ gradients[$0] }).first {
      return "gradient of \(parameter)"
    }
    let word = node.op.operation.word
    if case .gather = node.op { return "examples" }
    if node.outputs.contains(where: losses.contains) { return word }
    return word + (node.outputs.lazy.compactMap { layers[$0] }.first.map { " at \($0)" } ?? "")
  }

  func isParameterGradient(_ node: Node) -> Bool {
    node.outputs.contains { gradients[$0] != nil }
  }

  func isBehindLoss(_ node: Node) -> Bool { behindLoss.contains(node) }

  /// Whether a loss uses a node's result as the reconstruction.
  func isReconstruction(_ node: Node) -> Bool {
    graph.nodes.contains { reader in
      guard case .reconstructionLoss = reader.op else { return false }
      return reader.inputs.first.map(node.outputs.contains) ?? false
    }
  }

  /// `encoder.1` for its weight or bias.
  private static func layer(of tensor: Tensor) -> String? {
    switch tensor.role {
    case .parameter(let name), .state(let name):
      name.split(separator: ".").dropLast().joined(separator: ".")
    default: nil
    }
  }
}
