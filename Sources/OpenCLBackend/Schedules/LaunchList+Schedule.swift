import Graphs
import Plans

extension LaunchList {
  /// A plan's launches as `schedule` has them.
  init(
    _ plan: Plan, _ sizes: WorkSizes, _ layout: StoreLayout, _ table: ProductTable,
    _ schedule: Schedule
  ) {
    switch schedule {
    case .oneQueue: self.init(plan, sizes, layout, table)
    case .twoQueues: self.init(inTwoQueues: plan, sizes, layout, table)
    case .fused:
      let apart = LaunchList(inTwoQueues: plan, sizes, layout, table)
      func fused(_ cut: RowCut) -> LaunchList {
        var list = LaunchList(plan.spread, sizes, layout, table, cut: cut)
        list.fuse()
        // Fewer would not pay for the overlap of two queues.
        let isWorth = 3 * list.instructions.count <= 2 * apart.instructions.count
        return isWorth ? list : apart
      }
      // Shares are of use to most compute units: how far that matters was reasoned, not measured.
      let shares = Self.shares(of: plan, sizes)
      self = 2 * shares > sizes.computeUnits ? fused(.byUnits) : apart
      guard plan.rowUses.values.contains(.all) else { return }
      let whole = fused(.whole)
      let saved = instructions.count - whole.instructions.count
      // What the other compute units would have done meanwhile.
      let idle = plan.rowOperations - plan.rowOperations / shares
      if idle < saved * Self.operationsOfALaunch { self = whole }
    }
  }

  /// Floating-point operations that one compute unit does while a launch is waited for: 5 µs of some
  /// 80 GFLOP/s in products of few rows (PoCL on two shared Zen 5 cores: a network 20-64-32-64-20
  /// with batch normalisation takes 0.6 of the time in one share at 32 rows, 0.7 at 128, and some
  /// 1.5 at 512).
  private static let operationsOfALaunch = 400_000

  /// Into how many shares the rows are cut that a plan gathers. Plans that gather none are run for
  /// some steps alone, as when products are measured.
  private static func shares(of plan: Plan, _ sizes: WorkSizes) -> Int {
    plan.steps.map { step in
      if case .gather(let op) = step.op { sizes.sharesOfRows(op.batchSize) } else { 0 }
    }.max() ?? 0
  }
}
