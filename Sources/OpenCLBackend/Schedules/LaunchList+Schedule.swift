import Graphs
import Plans

extension LaunchList {
  /// A plan's launches with this `schedule`.
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
        // With less reduction, the overlap of two queues would be faster. Where the launches are a
        // two-thousandth of a step, so are groups that divide each product by itself (0.8 of the
        // time for 4096-4096-4096 at 512 rows, PoCL on two Zen 5 cores).
        let saved = apart.instructions.count - list.instructions.count
        let isWorth =
          3 * list.instructions.count <= 2 * apart.instructions.count
          && plan.floatingPointOperations / sizes.computeUnits
            < 2000 * saved * Self.operationsOfALaunch
        return isWorth ? list : apart
      }
      // On devices with more compute units, the number of parts matters; this is estimated, not
      // measured.
      let shares = Self.shares(of: plan, sizes)
      self = 2 * shares > sizes.computeUnits ? fused(.byUnits) : apart
      guard plan.rowUses.values.contains(.all) else { return }
      let whole = fused(.whole)
      let saved = instructions.count - whole.instructions.count
      // The work that the other compute units could have done.
      let idle = plan.rowOperations - plan.rowOperations / shares
      if idle < saved * Self.operationsOfALaunch { self = whole }
    }
  }

  /// Floating-point operations of one compute unit in the time of a launch: 5 µs at about 80
  /// GFLOP/s in products of few rows. (PoCL on two shared Zen 5 cores: a network 20-64-32-64-20
  /// with batch normalization needs 0.6 of the time with one part at 32 rows, 0.7 at 128, and about
  /// 1.5 at 512.)
  private static let operationsOfALaunch = 400_000

  /// The number of parts into which the gathered rows of a plan are divided. Plans without a gather
  /// are run only for some of their steps, for example to measure products.
  private static func shares(of plan: Plan, _ sizes: WorkSizes) -> Int {
    plan.steps.map { step in
      if case .gather(let op) = step.op { sizes.sharesOfRows(op.batchSize) } else { 0 }
    }.max() ?? 0
  }
}
