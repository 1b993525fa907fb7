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
    case .fused where !plan.steps.contains(where: { $0.op.isGather }):
      // Steps that are run for themselves, as when products are measured.
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
}

extension Op {
  fileprivate var isGather: Bool { if case .gather = self { true } else { false } }
}
