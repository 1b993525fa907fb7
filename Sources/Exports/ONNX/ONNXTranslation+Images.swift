import Graphs

/// Operations on images; ONNX has channels first, and weights `[O, C, K, K]`.
extension ONNXTranslation {
  mutating func convolution(_ op: Conv2D, _ node: Node) throws(ExportError) {
    try expectPlain(op)
    let x = shape(node.inputs[0])
    let operands = [
      try channelsFirst(node.inputs[0]),
      try weight(node.inputs[1], axes: [3, 2, 0, 1], order: "OCKK"),
    ]
    let name = builder.add(
      "Conv", operands, settings(op.window, pads: op.window.pads(over: x[1], x[2])))
    setChannelsFirst(node.outputs[0], name)
  }

  /// The adjoint of a convolution. If no window covers the image's last pixels, `output_padding`
  /// adds them.
  mutating func transposedConvolution(
    _ op: Conv2DInputGradient, _ node: Node
  ) throws(ExportError) {
    try expectPlain(op)
    let operands = [
      try channelsFirst(node.inputs[0]),
      try weight(node.inputs[1], axes: [3, 2, 0, 1], order: "OCKK"),
    ]
    var settings = settings(op.window, pads: op.window.pads(over: op.height, op.width))
    settings["output_padding"] = .integers(
      [op.height, op.width].map { op.window.leftOut(of: $0) })
    setChannelsFirst(node.outputs[0], builder.add("ConvTranspose", operands, settings))
  }

  mutating func pool(_ op: Pool2D, _ node: Node) throws(ExportError) {
    let x = shape(node.inputs[0])
    let operands = [try channelsFirst(node.inputs[0])]
    let settings = settings(op.window, pads: op.window.pads(over: x[1], x[2]))
    let name =
      switch op.pooling {
      case .maximum: builder.add("MaxPool", operands, settings)
      // Pixels outside of the image do not count, which is also the operator's default.
      case .average: builder.add("AveragePool", operands, settings)
      }
    setChannelsFirst(node.outputs[0], name)
  }

  mutating func upsample(_ op: Upsample2D, _ node: Node) throws(ExportError) {
    let scales = builder.constant(
      ONNXTensor(
        name: "upsample.\(op.factor)", shape: [4], [1, 1, Float(op.factor), Float(op.factor)]))
    let settings: [String: ONNXAttribute] =
      switch op.interpolation {
      case .nearest:
        [
          "mode": .text("nearest"), "nearest_mode": .text("floor"),
          "coordinate_transformation_mode": .text("asymmetric"),
        ]
      case .bilinear:
        [
          "mode": .text("linear"), "coordinate_transformation_mode": .text("half_pixel"),
        ]
      }
    let name = builder.add(
      "Resize", [try channelsFirst(node.inputs[0]), "", scales], settings)
    setChannelsFirst(node.outputs[0], name)
  }

  /// With the running statistics. ONNX also has the operands in the order γ, β, μ, v.
  mutating func batchNorm(_ op: BatchNormInference, _ node: Node) throws(ExportError) {
    var operands = [try channelsFirst(node.inputs[0])]
    for id in node.inputs.dropFirst() { operands.append(try value(id)) }
    let name = builder.add(
      "BatchNormalization", operands, ["epsilon": .float(Float(op.epsilon))])
    setChannelsFirst(node.outputs[0], name)
  }

  /// - Parameter pads: top, left, bottom and right.
  private func settings(_ window: Window, pads: [Int]) -> [String: ONNXAttribute] {
    [
      "kernel_shape": .integers([window.size, window.size]),
      "strides": .integers([window.stride, window.stride]), "pads": .integers(pads),
    ]
  }
}

extension Window {
  /// The padding that the windows need: top, left, bottom and right.
  fileprivate func pads(over height: Int, _ width: Int) -> [Int] {
    let sides = [height, width]
    return sides.map { offset(over: $0) }
      + sides.map { max(covered(of: $0) - offset(over: $0) - $0, 0) }
  }

  /// The number of the last pixels along an axis that no window covers.
  fileprivate func leftOut(of length: Int) -> Int {
    max(length + offset(over: length) - covered(of: length), 0)
  }

  /// From the start of the first window to the end of the last.
  private func covered(of length: Int) -> Int { (count(over: length) - 1) * stride + size }
}
