import Graphs

extension LaunchList {
  mutating func dropout(_ op: Dropout, _ node: Node) {
    let count = shape(node.outputs[0]).count
    guard count > 0 else { return }
    launch(
      "dropout", defines: ["FEED=\(op.feed.rawValue)"],
      [
        .int(count), .word(UInt32(truncatingIfNeeded: layout.seed)),
        .word(UInt32(truncatingIfNeeded: layout.seed >> 32)), .word(op.stream),
        .word(op.threshold), .float(op.scale), .buffer(.state), tensor(node.inputs[0]),
        tensor(node.outputs[0]),
      ], groups: sizes.flatGroups((count + 3) / 4))
  }

  mutating func noise(_ op: Noise, _ node: Node) {
    let count = shape(node.outputs[0]).count
    guard count > 0 else { return }
    launch(
      "noise", defines: ["CLIPPED=\(op.range == nil ? 0 : 1)"],
      [
        .int(count), .float(op.mean), .float(op.deviation), .float(op.range?.lowerBound ?? 0),
        .float(op.range?.upperBound ?? 0),
      ] + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(count))
  }

  mutating func noiseGradient(_ op: NoiseGradient, _ node: Node) {
    let count = shape(node.outputs[0]).count
    guard count > 0 else { return }
    launch(
      "noise_gradient", in: "noise",
      [.int(count), .float(op.range.lowerBound), .float(op.range.upperBound)]
        + (node.inputs + node.outputs).map(tensor), groups: sizes.flatGroups(count))
  }
}
