/// Steps whose groups wait for no other group of them, but at most for earlier phases.
struct FusedPhase {
  let items: [FusedItem]
  private let parts: [[FusedItem]]
  /// Whether each group computes its part of the rows through all steps.
  private let isByRows: Bool
  /// Whether it is a launch, or a library's call, by itself.
  var isPlain: Bool { items.count == 1 && !isByRows }

  /// Steps of the same rows.
  init(chain items: [FusedItem]) { (self.items, parts, isByRows) = (items, [items], true) }

  /// Steps that run in parallel; those of a part one after the other, group by group.
  init(_ parts: [[FusedItem]]) {
    items = Array(parts.joined())
    self.parts = parts
    isByRows = items.count == 1 && items[0].isCutByRows
  }

  var mayBeJoined: Bool { items.allSatisfy(\.isCallable) }

  var branches: Phase {
    parts.map { items in
      let groups = items[0].launch!.groups
      return Branch(
        launches: items.map(\.launch!), groupCount: isByRows ? groups.last! : groups.reduce(1, *))
    }
  }
}

/// Steps of which one fused launch contains those that compute rows from rows.
struct FusedSection {
  private var before: [FusedItem] = []
  private var chain: [FusedItem] = []
  private var after: [FusedItem] = []

  var phases: [FusedPhase] {
    phases(of: before) + (chain.isEmpty ? [] : [FusedPhase(chain: chain)]) + phases(of: after)
  }

  /// Runs in parallel what does not depend on each other.
  private func phases(of items: [FusedItem]) -> [FusedPhase] {
    var phases: [FusedPhase] = []
    var branches: [[FusedItem]] = []
    func end() {
      if !branches.isEmpty { phases.append(FusedPhase(branches)) }
      branches = []
    }
    for item in items {
      let earlier = branches.indices.filter { index in
        branches[index].contains { $0.isNeeded(before: item) }
      }
      if !item.mayBeBranch || !earlier.isEmpty {
        if item.mayBeBranch, earlier.count == 1, item.mayExtend(branches[earlier[0]]) {
          branches[earlier[0]].append(item)
          continue
        }
        end()
      }
      branches.append([item])
      if !item.mayBeBranch { end() }
    }
    end()
    return phases
  }

  /// - Returns: whether it can be added: a step of the chain only if no later step must come before
  ///   it.
  mutating func take(_ item: FusedItem) -> Bool {
    let isLate = after.contains { $0.endsStep || $0.isNeeded(before: item) }
    if item.isRowLocal {
      guard !isLate, item.mayFollow(chain) else { return false }
      chain.append(item)
    } else if isLate || item.endsStep || chain.contains(where: { $0.isNeeded(before: item) }) {
      after.append(item)
    } else {
      before.append(item)
    }
    return true
  }
}
