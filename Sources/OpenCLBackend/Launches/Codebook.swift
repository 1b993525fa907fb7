import Graphs

extension LaunchList {
  mutating func nearest(_ node: Node) {
    let (scores, codes) = (shape(node.inputs[0]), shape(node.inputs[1]))
    guard scores.count > 0 else { return }
    reserveScratch(codes[0])
    let norms = Argument.tensor(.scratch(0))
    launch(
      "code_norms", in: "nearest",
      [.int(codes[0]), .int(codes[1]), tensor(node.inputs[1]), norms],
      groups: sizes.flatGroups(sizes.style == .fat ? codes.count : codes[0]))
    launch(
      "nearest",
      [
        .int(scores[0]), .int(scores[1]), tensor(node.inputs[0]), norms, tensor(node.outputs[0]),
      ], groups: sizes.groupsOfRows(scores[0]))
  }

  mutating func lookUp(_ node: Node) {
    let y = shape(node.outputs[0])
    guard y.count > 0 else { return }
    launch(
      "look_up", [.int(y[0]), .int(y[1])] + (node.inputs + node.outputs).map(tensor),
      groups: sizes.cellGroups(rows: y[0], columns: y[1]))
  }

  mutating func perplexity(_ op: Perplexity, _ node: Node) {
    let rows = shape(node.inputs[0]).count
    reserveScratch(op.count)
    let counts = Argument.tensor(.scratch(0))
    launch(
      "count_codes", in: "perplexity",
      [.int(rows), .int(op.count), tensor(node.inputs[0]), counts],
      groups: sizes.style == .fat ? 1 : op.count)
    launch(
      "perplexity", [.int(rows), .int(op.count), counts, tensor(node.outputs[0])], groups: 1)
  }

  mutating func updateCodebook(_ op: UpdateCodebook, _ node: Node) {
    let codes = shape(node.inputs[2])
    guard codes.count > 0 else { return }
    let numbers: [Argument] = [.int(shape(node.inputs[0])[0]), .int(codes[0]), .int(codes[1])]
    let (x, indices) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let (counts, sums) = (tensor(node.inputs[3]), tensor(node.inputs[4]))
    let total = Argument.tensor(.arena(reserveArena(1)))
    reserveScratch(codes.count + codes[0])
    launch(
      "update_codebook_sums", in: "update_codebook",
      numbers + [
        .float(op.decay), .float(1 - op.decay), .buffer(.state), x, indices, counts, sums,
        .tensor(.scratch(0)),
      ], groups: sizes.groupsOfRows(codes[0]))
    launch("finish_sum", [.int(codes[0]), counts, total], groups: 1)
    launch(
      "update_codebook",
      numbers + [
        .float(op.restart), .float(op.epsilon),
        .word(UInt32(truncatingIfNeeded: layout.seed)),
        .word(UInt32(truncatingIfNeeded: layout.seed >> 32)), .word(op.stream), .buffer(.state),
        x, total, tensor(node.inputs[2]), counts, sums,
      ], groups: sizes.groupsOfRows(codes[0]))
  }
}
