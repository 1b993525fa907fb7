import Graphs
import Plans

/// Where an instruction is queued.
package struct QueueOrder: Hashable, Sendable {
  /// Whether in the second queue.
  package let isAside: Bool
  /// The last instruction of the other queue that has to be done before. In one queue the order is
  /// enough.
  package let waitsFor: Int?
}

/// Two in-order queues: nothing but the update reads a weight gradient, so what computes one goes
/// aside, into the second, and runs beside the gradients that the layers before it wait for.
extension LaunchList {
  /// What the same code computes is all in one queue: PoCL 3.1 counts wrong, and aborts, where a
  /// kernel is in flight in two grids of different widths for the first time.
  init(
    inTwoQueues plan: Plan, _ sizes: WorkSizes, _ layout: StoreLayout, _ table: ProductTable
  ) {
    var aside = Self.findStepsAside(plan)
    var list: LaunchList
    repeat {
      list = LaunchList(plan, sizes, layout, table, aside: aside)
      aside = list.stepsAsideOfTheirOwnCode
    } while aside.count < list.stepsAside.count
    self = list
  }

  /// Steps aside that no code computes which the first queue runs, too.
  private var stepsAsideOfTheirOwnCode: Set<Int> {
    let instructions = zip(labels, instructions).map { ($0.step, $1.code) }
    let first = Set(instructions.filter { !stepsAside.contains($0.0) }.map(\.1))
    return stepsAside.subtracting(instructions.filter { first.contains($0.1) }.map(\.0))
  }

  /// Steps that turn gradients of examples into one of what they share, where only such steps and
  /// the end of the plan read the result.
  private static func findStepsAside(_ plan: Plan) -> Set<Int> {
    var aside: Set<Int> = []
    var readByOthers = Set(plan.outputs)
    for (index, step) in plan.steps.enumerated().reversed() {
      let isRead = !readByOthers.isDisjoint(with: step.outputs)
      switch step.op {
      case .product(let op) where op.transposeA && !isRead: aside.insert(index)
      case .conv2DWeightGradient where !isRead, .columnSum where !isRead: aside.insert(index)
      case .reshape where !isRead, .record, .update: break
      default: readByOthers.formUnion(step.inputs)
      }
    }
    return aside
  }

  /// - Returns: an order an instruction, and the last one aside, if nothing of the plan waits for
  ///   it: then what follows the plan has to.
  func queueOrders() -> (orders: [QueueOrder], unawaited: Int?) {
    let accesses = plan.steps.map { MemoryAccess($0, self) }
    var orders: [QueueOrder] = []
    /// The last instruction of the other queue that each queue comes after.
    var follows: [Bool: Int] = [:]
    for step in labels.map(\.step) {
      // The plan begins in the first queue, which what was queued before it is in, too.
      let isAside = stepsAside.contains(step) && !orders.isEmpty
      let isFirstAside = isAside && follows[true] == nil
      var latest = orders.indices.last { other in
        orders[other].isAside != isAside
          && (isFirstAside || accesses[labels[other].step].isNeeded(before: accesses[step]))
      }
      if let found = latest, found <= follows[isAside] ?? -1 { latest = nil }
      if let latest { follows[isAside] = latest }
      orders.append(QueueOrder(isAside: isAside, waitsFor: latest))
    }
    let lastAside = orders.lastIndex { $0.isAside }
    return (orders, lastAside.flatMap { $0 > follows[false] ?? -1 ? $0 : nil })
  }
}
