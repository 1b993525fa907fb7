/// The queue of an instruction, and its dependencies on the other queue.
struct QueueSlot {
  let queue: Queue
  /// The instruction of the other queue that it waits for.
  let start: Signal?
  /// Signals instructions of the other queue that wait for it.
  let end: Signal?
}

/// The queues of a plan's instructions.
struct PlanQueues {
  /// One per instruction.
  let slots: [QueueSlot]
  private let first: Queue
  /// `nil` if the second queue is not used.
  private let aside: Queue?
  /// What the first queue must wait for at the end.
  private let unawaited: Signal?

  init(_ list: LaunchList, _ backend: OpenCLBackend) throws(OpenCLError) {
    let (orders, unawaited) = list.queueOrders()
    let first = backend.queue
    let aside = orders.contains { $0.isAside } ? try backend.secondQueue() : nil
    var signals: [Int: Signal] = [:]
    for index in orders.compactMap(\.waitsFor) + [unawaited].compactMap(\.self) {
      signals[index] = Signal()
    }
    slots = orders.enumerated().map { index, order in
      QueueSlot(
        queue: order.isAside ? aside! : first, start: order.waitsFor.flatMap { signals[$0] },
        end: signals[index])
    }
    (self.first, self.aside) = (first, aside)
    self.unawaited = unawaited.flatMap { signals[$0] }
  }

  /// Submits everything to the device; later commands of the first queue run after all of it.
  func end() throws(OpenCLError) {
    if let unawaited { try first.wait(for: unawaited) }
    try first.flush()
    try aside?.flush()
  }
}
