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
    case .fused where !Self.hasRows(plan, sizes):
      self.init(inTwoQueues: plan, sizes, layout, table)
    case .fused:
      var fused = LaunchList(plan.spread, sizes, layout, table, sharesRows: true)
      fused.fuse()
      let apart = LaunchList(inTwoQueues: plan, sizes, layout, table)
      // Fewer would not pay for the overlap of two queues.
      let isWorth = 3 * fused.instructions.count <= 2 * apart.instructions.count
      self = isWorth ? fused : apart
    }
  }

  /// Whether a plan gathers rows, and so many that their shares are of use to most compute units:
  /// how far that matters was reasoned, not measured. Plans that gather none are run for some steps
  /// alone, as when products are measured.
  private static func hasRows(_ plan: Plan, _ sizes: WorkSizes) -> Bool {
    plan.steps.contains { step in
      guard case .gather(let op) = step.op else { return false }
      return 2 * sizes.sharesOfRows(op.batchSize) > sizes.computeUnits
    }
  }
}
