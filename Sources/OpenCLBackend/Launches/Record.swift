import Graphs

extension LaunchList {
  /// One launch if the gradients are in their flat buffer, as they are before an update; a gradient
  /// elsewhere is checked by a separate launch before.
  mutating func record(_ op: Record, _ node: Node) {
    let losses = node.inputs.prefix(op.partCount)
    let checked = op.feed == .training
    let group = layout.groups.indices.contains(op.phase) ? layout.groups[op.phase].range : 0..<0
    var count = 0
    for gradient in node.inputs.dropFirst(op.partCount) where checked {
      if case .gradients = place(gradient) {
        count = group.count
      } else {
        let count = shape(gradient).count
        launch(
          "look_through", in: "record", [.int(count), tensor(gradient), .buffer(.state)],
          groups: sizes.flatGroups(count))
      }
    }
    let parts = losses.map { loss -> (offset: Int, count: Int) in
      if let known = partials[loss] { return known }
      guard case .arena(let offset) = place(loss) else {
        preconditionFailure("a loss must be computed by a step")
      }
      return (offset, 1)
    }
    let groups = sizes.flatGroups(count)
    if checked, clipsByNorm { squares = (reserveArena(groups), groups) }
    var defines = [
      "FEED=\(op.feed.rawValue)", "CHECKED=\(checked ? 1 : 0)", "PARTS=\(op.partCount)",
      "SQUARED=\(squares == nil ? 0 : 1)",
    ]
    if op.partCount > 0 {
      defines.append("PART_OFFSETS=" + parts.map { "\($0.offset)" }.joined(separator: ","))
      defines.append("PART_COUNTS=" + parts.map { "\($0.count)" }.joined(separator: ","))
    }
    let columns = layout.feeds[op.feed]?.partCount ?? op.partCount
    if columns != op.partCount { defines += ["COLUMNS=\(columns)", "COLUMN=\(op.firstColumn)"] }
    if op.phase != 0 { defines.append("PHASE=\(op.phase)") }
    if !op.isLast { defines.append("LAST=0") }
    launch(
      "record", defines: defines,
      [
        .int(count), .tensor(.gradients(group.lowerBound)), .buffer(.arena(0)),
        .buffer(.log(op.feed)),
        .buffer(.state), .tensor(.arena(squares?.offset ?? 0)),
      ], groups: groups)
  }

  private var clipsByNorm: Bool {
    plan.steps.contains { node in
      if case .update(let op) = node.op, case .norm = op.clipping { true } else { false }
    }
  }
}
