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
      self = Self.fused(plan, sizes, layout, table, apart: apart)
      // Compiling many steps as one kernel is worth it if launches take a twentieth of the time.
      let saved = instructions.count - 1
      guard
        plan.floatingPointOperations / sizes.computeUnits < 20 * saved * Self.operationsOfALaunch,
        let joined = Self.joined(plan, sizes, layout, table)
      else { return }
      self = joined
    }
  }

  /// All phases as one launch; nil if they cannot be, or if the plan gathers no rows.
  private static func joined(
    _ plan: Plan, _ sizes: WorkSizes, _ layout: StoreLayout, _ table: ProductTable
  ) -> LaunchList? {
    func joined(_ cut: RowCut?) -> (list: LaunchList, phaseCount: Int)? {
      var list = LaunchList(plan.spread, sizes, layout, table, cut: cut)
      let phaseCount = list.fuse(joins: true)
      return list.instructions.count == 1 && phaseCount > 1 ? (list, phaseCount) : nil
    }
    let shares = shares(of: plan, sizes)
    guard shares > 0 else { return nil }
    let apart = joined(2 * shares > sizes.computeUnits ? .byUnits : nil)
    guard plan.rowUses.values.contains(.all), let whole = joined(.whole) else { return apart?.list }
    guard let apart else { return whole.list }
    let idle = plan.rowOperations - plan.rowOperations / shares
    return idle < (apart.phaseCount - whole.phaseCount) * operationsOfAPhase
      ? whole.list : apart.list
  }

  /// Steps of the same rows as one launch, if that is faster than `apart`.
  private static func fused(
    _ plan: Plan, _ sizes: WorkSizes, _ layout: StoreLayout, _ table: ProductTable,
    apart: LaunchList
  ) -> LaunchList {
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
          < 2000 * saved * operationsOfALaunch
      return isWorth ? list : apart
    }
    // On devices with more compute units, the number of parts matters; this is estimated, not
    // measured.
    let shares = shares(of: plan, sizes)
    let byUnits = 2 * shares > sizes.computeUnits ? fused(.byUnits) : apart
    guard plan.rowUses.values.contains(.all) else { return byUnits }
    let whole = fused(.whole)
    let saved = byUnits.instructions.count - whole.instructions.count
    // The work that the other compute units could have done.
    let idle = plan.rowOperations - plan.rowOperations / shares
    return idle < saved * operationsOfALaunch ? whole : byUnits
  }

  /// Floating-point operations of one compute unit in the time of a launch: 5 µs at about 80
  /// GFLOP/s in products of few rows. (PoCL on two shared Zen 5 cores: a network 20-64-32-64-20
  /// with batch normalization needs 0.6 of the time with one part at 32 rows, 0.7 at 128, and about
  /// 1.5 at 512.)
  private static let operationsOfALaunch = 400_000
  /// The same in the time in which groups wait for each other within a launch.
  static let operationsOfAPhase = 40_000

  /// The number of parts into which the gathered rows of a plan are divided. Plans without a gather
  /// are run only for some of their steps, for example to measure products.
  private static func shares(of plan: Plan, _ sizes: WorkSizes) -> Int {
    plan.steps.map { step in
      if case .gather(let op) = step.op { sizes.sharesOfRows(op.batchSize) } else { 0 }
    }.max() ?? 0
  }
}
