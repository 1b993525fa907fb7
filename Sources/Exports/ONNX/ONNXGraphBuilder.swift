/// Builds a graph of operators; intermediate values get generated names.
struct ONNXGraphBuilder {
  private(set) var nodes: [ONNXNode] = []
  private(set) var constants: [ONNXTensor] = []
  private var counts: [String: Int] = [:]
  /// The generated names of constants, by their contents.
  private var anonymous: [ONNXTensor: String] = [:]

  /// Adds an operator.
  /// - Returns: the name of its first or only result.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]
  ) -> String {
    counts[type, default: 0] += 1
    let name = "\(type).\(counts[type]!)"
    nodes.append(
      ONNXNode(name: name, type: type, inputs: inputs, outputs: [name], attributes: attributes))
    return name
  }

  /// Adds a named constant, unless it exists.
  mutating func constant(_ tensor: ONNXTensor) -> String {
    if !constants.contains(where: { $0.name == tensor.name }) { constants.append(tensor) }
    return tensor.name
  }

  /// Integers as a list.
  mutating func constant(_ values: [Int]) -> String {
    addAnonymous(ONNXTensor(shape: [values.count], values))
  }

  mutating func constant(_ values: [Int], shape: [Int]) -> String {
    addAnonymous(ONNXTensor(shape: shape, values))
  }

  mutating func constant(_ value: Float) -> String {
    addAnonymous(ONNXTensor(shape: [], [value]))
  }

  private mutating func addAnonymous(_ tensor: ONNXTensor) -> String {
    if let known = anonymous[tensor] { return known }
    var named = tensor
    named.name = "constant.\(anonymous.count + 1)"
    anonymous[tensor] = named.name
    constants.append(named)
    return named.name
  }

  /// Renames an operator's result to an output's name; a value that already has such a name is
  /// copied.
  mutating func name(_ value: String, asOutput output: String) {
    guard let index = nodes.firstIndex(where: { $0.outputs == [value] }),
      nodes[index].name == value
    else {
      nodes.append(
        ONNXNode(
          name: output + ".copy", type: "Identity", inputs: [value], outputs: [output],
          attributes: [:]))
      return
    }
    nodes[index].outputs = [output]
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == value ? output : $0 }
    }
  }

  /// Removes nodes that no output depends on.
  mutating func prune(keeping outputs: [String]) {
    var needed = Set(outputs)
    var kept: [ONNXNode] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    nodes = kept.reversed()
    constants.removeAll { !needed.contains($0.name) }
  }
}
