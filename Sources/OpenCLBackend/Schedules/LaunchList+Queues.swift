import Graphs
import Plans

/// The queue of an instruction.
package struct QueueOrder: Hashable, Sendable {
  /// Whether it is in the second queue.
  package let isAside: Bool
  /// The last instruction of the other queue that must be done before. Within one queue, the order
  /// is enough.
  package let waitsFor: Int?
}

/// Two in-order queues: only the update reads a weight gradient, so its steps go into the second
/// queue and run in parallel with the gradients that earlier layers need.
extension LaunchList {
  /// Instructions with the same code are all in one queue: PoCL 3.1 has a counting error and aborts
  /// if a kernel is first run in two grids of different widths at the same time.
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

  /// Steps for the second queue whose code the first queue does not run.
  private var stepsAsideOfTheirOwnCode: Set<Int> {
    let instructions = zip(labels, instructions).map { ($0.step, $1.code) }
    let first = Set(instructions.filter { !stepsAside.contains($0.0) }.map(\.1))
    return stepsAside.subtracting(instructions.filter { first.contains($0.1) }.map(\.0))
  }

  /// Steps that compute gradients of shared parameters from gradients of examples, if only such
  /// steps and the end of the plan read the result.
  private static func findStepsAside(_ plan: Plan) -> Set<Int> {
    var aside: Set<Int> = []
    var readByOthers = Set(plan.outputs)
    for (index, step) in plan.steps.enumerated().reversed() {
      let isRead = !readByOthers.isDisjoint(with: step.outputs)
      switch step.op {
      case .product(let op) where op.transposeA && !isRead: aside.insert(index)
      case .conv2DWeightGradient where !isRead, .columnSum where !isRead: aside.insert(index)
      case .reshape where !isRead, .record, .update: break
      case .allReduce(let op) where op.inPlaceCount > 0: break
      default: readByOthers.formUnion(step.inputs)
      }
    }
    return aside
  }

  /// - Returns: one order per instruction, and the last one of the second queue if nothing in the
  ///   plan waits for it: then the next plan has to.
  func queueOrders() -> (orders: [QueueOrder], unawaited: Int?) {
    let accesses = plan.steps.map { MemoryAccess($0, self) }
    var orders: [QueueOrder] = []
    /// The last instruction of the other queue that each queue waits for.
    var follows: [Bool: Int] = [:]
    for step in labels.map(\.step) {
      // The plan begins in the first queue, after everything that was queued before.
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
