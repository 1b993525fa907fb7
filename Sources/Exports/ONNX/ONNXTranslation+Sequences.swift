import Graphs
import Training

/// Operations on sequences `[N, T, C]`.
extension ONNXTranslation {
  /// The steps of each window of the zero-padded sequence.
  mutating func unfold(_ op: Unfold1D, _ node: Node) throws(ExportError) {
    let windows = op.windows
    let steps = (0..<windows.count).flatMap { window in
      (0..<windows.size).map { windows.stride * window + $0 - windows.offset }
    }
    let before = max(-(steps.min() ?? 0), 0)
    let after = max((steps.max() ?? 0) - shape(node.inputs[0])[1] + 1, 0)
    var x = try value(node.inputs[0])
    if before + after > 0 {
      x = builder.add("Pad", [x, builder.constant([0, before, 0, 0, after, 0])])
    }
    x = take(steps.map { $0 + before }, [windows.count, windows.size], of: x)
    set(node.outputs[0], windows.size == 1 ? x : reshaped(x, as: node.outputs[0]))
  }

  /// For each step, the sum over the windows that contain it; a step in fewer windows than others
  /// uses a row of zeros for the rest.
  mutating func fold(_ op: Fold1D, _ node: Node) throws(ExportError) {
    let windows = op.windows
    var places = [[Int]](repeating: [], count: op.length)
    for window in 0..<windows.count {
      for place in 0..<windows.size {
        let step = windows.stride * window + place - windows.offset
        if places.indices.contains(step) { places[step].append(window * windows.size + place) }
      }
    }
    let most = max(places.map(\.count).max() ?? 0, 1)
    let count = windows.count * windows.size
    var y = builder.add(
      "Reshape",
      [
        try value(node.inputs[0]),
        builder.constant([-1, count, shape(node.outputs[0])[2]]),
      ])
    if places.contains(where: { $0.count < most }) {
      y = builder.add("Pad", [y, builder.constant([0, 0, 0, 0, 1, 0])])
    }
    let filled = places.flatMap { $0 + [Int](repeating: count, count: most - $0.count) }
    y = take(filled, [op.length, most], of: y)
    if most > 1 {
      y = builder.add("ReduceSum", [y, builder.constant([2])], ["keepdims": .integer(0)])
    }
    set(node.outputs[0], y)
  }

  /// Steps of sequences, as a list or, if several belong together, as a table.
  private mutating func take(_ steps: [Int], _ size: [Int], of x: String) -> String {
    let places = builder.constant(steps, shape: size[1] == 1 ? [size[0]] : size)
    return builder.add("Gather", [x, places], ["axis": .integer(1)])
  }

  // MARK: Recurrence

  /// ONNX has the gates in the order i, o, f, g.
  mutating func lstm(_ node: Node) throws(ExportError) {
    let input = try recurrentInput(node, gates: [0, 3, 1, 2], order: "iofc")
    let bias = input.bias + [Float](repeating: 0, count: input.bias.count)
    try recur("LSTM", node, input, bias, order: "iofc", [:])
  }

  /// ONNX has the gates in the order z, r, n; the reset gate is applied after the product with the
  /// previous state, which is `linear_before_reset`.
  mutating func gru(_ node: Node) throws(ExportError) {
    let gates = [1, 0, 2]
    let input = try recurrentInput(node, gates: gates, order: "zrh")
    guard let recurrent = weight(node.inputs[2]) else { throw notTrained(node) }
    let bias = input.bias + recurrent.blocks(gates).values
    try recur("GRU", node, input, bias, order: "zrh", ["linear_before_reset": .integer(1)])
  }

  /// The input of a recurrence, and the weights of the product that computes the input's part of
  /// the gates.
  private struct RecurrentInput {
    let x: TensorID
    /// `[1, gates · H, C]`
    let weight: String
    /// `[gates · H]`
    let bias: [Float]
    /// `[1, gates · H, H]`
    let recurrentWeight: String
  }

  /// ONNX's operators compute the input's part `x W + b` themselves. If it is computed by such a
  /// product here, the product is dropped; else it is the operator's input and `W` is the identity.
  private mutating func recurrentInput(
    _ node: Node, gates: [Int], order: String
  ) throws(ExportError) -> RecurrentInput {
    guard let recurrent = weight(node.inputs[1]) else { throw notTrained(node) }
    let recurrentWeight = matrix(recurrent.blocks(gates), order)
    if let found = share(node.inputs[0]) {
      return RecurrentInput(
        x: found.x, weight: matrix(found.weight.blocks(gates), order),
        bias: found.bias.blocks(gates).values, recurrentWeight: recurrentWeight)
    }
    let count = recurrent.shape[1]
    var unit = [Float](repeating: 0, count: count * count)
    for index in 0..<count { unit[index * (count + 1)] = 1 }
    let weight = Safetensors.Tensor(
      name: "unit.\(count)", shape: [count, count], values: unit
    ).blocks(gates)
    return RecurrentInput(
      x: node.inputs[0], weight: matrix(weight, order),
      bias: [Float](repeating: 0, count: count), recurrentWeight: recurrentWeight)
  }

  /// `x`, `W` and `b` of `reshape(reshape(x) W + b)`.
  private func share(
    _ id: TensorID
  ) -> (x: TensorID, weight: Safetensors.Tensor, bias: Safetensors.Tensor)? {
    guard let whole = producer(id), case .reshape = whole.op,
      let sum = producer(whole.inputs[0]), case .addBias = sum.op,
      let bias = weight(sum.inputs[1]),
      let product = producer(sum.inputs[0]), case .product(let op) = product.op,
      op == Product(), let weight = weight(product.inputs[1]),
      let rows = producer(product.inputs[0]), case .reshape = rows.op,
      shape(rows.inputs[0]).rank == 3, shape(rows.inputs[0])[1] == shape(id)[1],
      shape(rows.inputs[0])[2] == weight.shape[0]
    else { return nil }
    return (rows.inputs[0], weight, bias)
  }

  /// `[I, O]` in ONNX's layout for one direction: `[1, O, I]`.
  private mutating func matrix(_ weight: Safetensors.Tensor, _ order: String) -> String {
    let turned = weight.transposed([1, 0])
    return builder.constant(
      ONNXTensor(
        name: "\(weight.name).\(order)", shape: [1] + turned.shape.dimensions, turned.values))
  }

  /// The operator, and its output of all states; in ONNX the steps come before the examples.
  private mutating func recur(
    _ type: String, _ node: Node, _ input: RecurrentInput, _ bias: [Float], order: String,
    _ settings: [String: ONNXAttribute]
  ) throws(ExportError) {
    let units = shape(node.inputs[1])[0]
    let biases = builder.constant(
      ONNXTensor(
        name: "\(input.recurrentWeight).bias", shape: [1, bias.count], bias))
    let x = transpose(try value(input.x), [1, 0, 2])
    let states = builder.add(
      type, [x, input.weight, input.recurrentWeight, biases],
      ["hidden_size": .integer(units)].merging(settings) { $1 })
    let steps = builder.add("Squeeze", [states, builder.constant([1])])
    set(node.outputs[0], transpose(steps, [1, 0, 2]))
  }

  private func notTrained(_ node: Node) -> ExportError {
    .operation("\(node.op.operation.name) with computed weights")
  }
}
