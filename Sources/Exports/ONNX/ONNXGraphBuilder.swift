/// A graph of operators under construction; every operator but an output's has names of its own.
struct ONNXGraphBuilder {
  private(set) var nodes: [ONNXNode] = []
  private(set) var constants: [ONNXTensor] = []
  private var counts: [String: Int] = [:]
  /// The names of constants without one of their own, by what they hold.
  private var anonymous: [ONNXTensor: String] = [:]

  /// Adds an operator.
  /// - Returns: the name of its first result, the only one.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]
  ) -> String {
    counts[type, default: 0] += 1
    let name = "\(type).\(counts[type]!)"
    nodes.append(
      ONNXNode(name: name, type: type, inputs: inputs, outputs: [name], attributes: attributes))
    return name
  }

  /// Adds a constant that has a name, unless it is there.
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

  /// Gives what an operator computes an output's name; what has one already is passed on.
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

  /// Leaves out what no output follows from.
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
