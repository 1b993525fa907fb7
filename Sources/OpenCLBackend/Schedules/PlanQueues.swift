/// Which queue an instruction goes into, and what it has to do with the other one.
struct QueueSlot {
  let queue: Queue
  /// What it waits for there.
  let start: Signal?
  /// What waits for it there.
  let end: Signal?
}

/// The queues that a plan's instructions go into.
struct PlanQueues {
  /// One an instruction.
  let slots: [QueueSlot]
  private let first: Queue
  /// `nil` if nothing goes aside.
  private let aside: Queue?
  /// What the first queue has yet to wait for when all is queued.
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

  /// Hands what is queued to the device; what the first queue is given next comes after all of it.
  func end() throws(OpenCLError) {
    if let unawaited { try first.wait(for: unawaited) }
    try first.flush()
    try aside?.flush()
  }
}
