import Graphs

/// Fused launches: steps that compute rows from rows, from the gathered batch to the gradient of
/// the first layer, become one launch; steps that do not depend on each other, such as weight
/// gradients, become another.
///
/// In the first, each group computes its part of the rows through all steps, and no group needs
/// another's results (`RowCut`). Steps between these in the plan are moved before them, if they
/// depend on none, or after them, which is possible because every tensor has separate memory.
///
/// Of small networks, all of these phases become a single launch.
extension LaunchList {
  /// - Parameter joins: whether all phases become one launch, if they can.
  /// - Returns: the number of phases.
  @discardableResult
  mutating func fuse(joins: Bool = false) -> Int {
    let plain = instructions.indices.map { FusedItem(self, $0) }
    removeInstructions()
    var sections = [FusedSection()]
    for item in plain where !sections[sections.count - 1].take(item) {
      sections.append(FusedSection())
      _ = sections[sections.count - 1].take(item)
    }
    let phases = sections.flatMap(\.phases)
    if joins, phases.count > 1, phases.allSatisfy(\.mayBeJoined) {
      append(
        phases.flatMap(\.items),
        Launch(
          fusing: phases.map(\.branches), units: sizes.computeUnits,
          groupCount: groupCount(of: phases.count), defines: sizes.defines))
    } else {
      for phase in phases { append(phase) }
    }
    return phases.count
  }

  /// The groups of a launch of several phases: no more than have work for the time in which they wait
  /// for each other.
  private func groupCount(of phaseCount: Int) -> Int {
    let useful = plan.floatingPointOperations / (phaseCount * Self.operationsOfAPhase)
    return min(max(useful, 1), sizes.computeUnits)
  }

  private mutating func append(_ phase: FusedPhase) {
    if phase.isPlain {
      append(phase.items[0].instruction, phase.items[0].label)
    } else {
      append(
        phase.items,
        Launch(fusing: phase.branches, units: sizes.computeUnits, defines: sizes.defines))
    }
  }

  private mutating func append(_ items: [FusedItem], _ launch: Launch) {
    append(
      .launch(launch),
      Label(steps: items.flatMap(\.label.steps), kernels: items.flatMap(\.label.kernels)))
  }
}
