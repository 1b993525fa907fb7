import COpenCL
import Plans

/// An exchange with the other ranks: reads the operands to the host, waits for the other ranks, and
/// writes the results.
final class BoundExchange: BoundInstruction {
  private let exchange: LaunchedExchange
  private let memory: Memory
  private let ranks: any Exchange
  private let staging: PinnedMemory
  /// In `staging`.
  private let values: UnsafeMutableBufferPointer<Float>

  init(
    _ exchange: LaunchedExchange, _ memory: Memory, _ slot: QueueSlot
  ) throws(OpenCLError) {
    guard let ranks = memory.store.backend.exchange else {
      preconditionFailure("there are no other ranks")
    }
    self.exchange = exchange
    self.memory = memory
    self.ranks = ranks
    let backend = memory.store.backend
    staging = try PinnedMemory(
      byteCount: 4 * exchange.layout.count, backend.queue, backend)
    values = staging.bytes.bindMemory(to: Float.self)
    super.init(slot)
  }

  override func enqueue(
    on queue: Queue, after start: Signal?, _ event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLError) {
    if let start { try queue.wait(for: start) }
    let layout = exchange.layout
    let gradients = layout.gradientOffset..<layout.count
    let flat = Place.gradients(layout.gradients.lowerBound)
    var sources = Array(zip(exchange.operands, layout.operands.map(\.own)))
    sources.append((flat, gradients))
    sources.removeAll { $0.1.isEmpty }
    try memory.store.backend.flush()
    // Results of the exchange before may still be copied from the same memory.
    if sources.isEmpty { try queue.finish() }
    for (index, source) in sources.enumerated() {
      try read(source.0, to: source.1, on: queue, waits: index == sources.count - 1)
    }
    for place in layout.operands {
      // The other ranks' elements.
      for index in place.all.lowerBound..<place.own.lowerBound { values[index] = 0 }
      for index in place.own { values[index] *= place.factor }
      for index in place.own.upperBound..<place.all.upperBound { values[index] = 0 }
    }
    ranks.sum(values)
    for (place, target) in zip(layout.operands, exchange.results) {
      try write(place.all, to: target, on: queue)
    }
    try write(gradients, to: flat, on: queue)
    if let event {
      try check(
        clEnqueueMarkerWithWaitList(queue.handle, 0, nil, event), "clEnqueueMarkerWithWaitList")
    }
  }

  /// Queues a copy of device memory to these elements of the host's.
  /// - Parameter waits: until this copy, and all that was queued before, is done. `clFinish` of
  ///   rusticl 22.3 returns before a copy is done, if other threads use other queues.
  private func read(
    _ source: Place, to range: Range<Int>, on queue: Queue, waits: Bool
  ) throws(OpenCLError) {
    let buffer = memory.buffer(source).handle
    try check(
      queue.watch.waiting(for: "clEnqueueReadBuffer") {
        clEnqueueReadBuffer(
          queue.handle, buffer, cl_bool(waits ? CL_TRUE : CL_FALSE), 4 * source.offset,
          4 * range.count, values.baseAddress! + range.lowerBound, 0, nil, nil)
      }, "clEnqueueReadBuffer")
  }

  /// Queues a copy of these elements of the host's memory; they stay until the next exchange, which
  /// waits for it.
  private func write(_ range: Range<Int>, to target: Place, on queue: Queue) throws(OpenCLError) {
    guard !range.isEmpty else { return }
    try check(
      clEnqueueWriteBuffer(
        queue.handle, memory.buffer(target).handle, cl_bool(CL_FALSE), 4 * target.offset,
        4 * range.count, values.baseAddress! + range.lowerBound, 0, nil, nil),
      "clEnqueueWriteBuffer")
  }
}
