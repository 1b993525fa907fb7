import COpenCL

/// An instruction that is ready to run: running it creates nothing except the event that the other
/// queue may wait for.
class BoundInstruction {
  private let queue: Queue
  /// The instruction of the other queue to wait for.
  private let start: Signal?
  /// Signals the other queue that this instruction is done.
  private let end: Signal?

  init(_ slot: QueueSlot) { (queue, start, end) = (slot.queue, slot.start, slot.end) }

  /// Queues it.
  func run() throws(OpenCLError) {
    end?.clear()
    try enqueue(on: queue, after: start, end?.event)
  }

  /// Queues it on a queue that runs all instructions in order.
  func run(on queue: Queue) throws(OpenCLError) { try enqueue(on: queue, after: nil, nil) }

  /// Queues it on a profiling queue, which runs all instructions in order.
  func run(timedBy queue: Queue) throws(OpenCLError) -> Event {
    var event: cl_event?
    try enqueue(on: queue, after: nil, &event)
    return Event(owning: try check(event, CL_SUCCESS, "an event's launch"))
  }

  /// - Parameters:
  ///   - start: the instruction of the other queue to wait for.
  ///   - event: receives its event, if one is needed; within one in-order queue none is.
  func enqueue(
    on queue: Queue, after start: Signal?, _ event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLError) {
    preconditionFailure("a bound instruction must override enqueue")
  }
}

/// A kernel with its arguments and work sizes.
final class BoundLaunch: BoundInstruction {
  private let kernel: Kernel
  private let timesArgument: Int?
  /// How many times the next launch does its work, and what the kernel's argument says.
  private var (times, boundTimes) = (1, 1)
  /// Buffers of this launch only.
  private var own: [Buffer] = []
  private let dimensions: cl_uint
  /// The global size, then the local one, one number per dimension.
  private let sizes: UnsafeMutablePointer<Int>

  /// - Parameter buffer: returns the buffer of a place.
  init(
    _ launch: Launch, _ slot: QueueSlot, _ backend: OpenCLBackend, buffer: (Place) -> Buffer
  ) throws(OpenCLError) {
    guard let program = backend.programs[launch.program] else {
      preconditionFailure("the programs of a plan must be built before its launches are bound")
    }
    kernel = try Kernel(program, launch.kernel)
    for argument in launch.arguments {
      switch argument {
      case .int(let value): try kernel.append(Int32(value))
      case .word(let value): try kernel.append(value)
      case .float(let value): try kernel.append(Float(value))
      case .buffer(let place): try kernel.append(buffer(place))
      case .tensor(let place):
        try kernel.append(buffer(place))
        try kernel.append(Int32(place.offset))
      case .numbers(let words):
        let numbers = try backend.makeBuffer("a launch's numbers", count: words.count, fill: 0)
        try numbers.write(words)
        try kernel.append(numbers)
        own.append(numbers)
      }
    }
    let count = launch.groups.count
    dimensions = cl_uint(count)
    sizes = .allocate(capacity: 2 * count)
    for (axis, (groups, local)) in zip(launch.groups, launch.local).enumerated() {
      (sizes + axis).initialize(to: groups * local)
      (sizes + count + axis).initialize(to: local)
    }
    timesArgument = launch.timesArgument
    super.init(slot)
  }

  deinit { sizes.deallocate() }

  /// Whether `run(times:)` is one launch.
  var isRepeatable: Bool { timesArgument != nil }

  /// Queues one launch that does its work several times.
  func run(times: Int) throws(OpenCLError) {
    self.times = times
    defer { self.times = 1 }
    try run()
  }

  override func enqueue(
    on queue: Queue, after start: Signal?, _ event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLError) {
    if let timesArgument, times != boundTimes {
      try kernel.set(timesArgument, to: Int32(times))
      boundTimes = times
    }
    try check(
      clEnqueueNDRangeKernel(
        queue.handle, kernel.handle, dimensions, nil, sizes, sizes + Int(dimensions),
        start == nil ? 0 : 1, start?.event, event),
      "clEnqueueNDRangeKernel")
  }
}

/// A product by CLBlast with our own temporary buffer.
///
/// It is requested as the column-major `Cᵀ = op(B)ᵀ · op(A)ᵀ` in the same memory, because CLBlast
/// transposes the result of row-major products.
final class LibraryCall: BoundInstruction {
  private let product: LibraryProduct
  private let memory: Memory

  init(_ product: LibraryProduct, _ memory: Memory, _ slot: QueueSlot) {
    self.product = product
    self.memory = memory
    memory.store.backend.usedLibrary = true
    super.init(slot)
  }

  /// The size of the temporary buffer for the largest of these products, in bytes.
  static func scratchByteCount(
    _ instructions: [Instruction], _ backend: OpenCLBackend
  ) throws(OpenCLError) -> Int {
    var largest = 0
    for case .product(let product) in instructions {
      var queue: cl_command_queue? = backend.queue.handle
      var byteCount = 0
      try check(
        CLBlastSGemmTempBufferSize(
          CLBlastLayoutColMajor, product.transposition(product.transposeB),
          product.transposition(product.transposeA), product.n, product.m, product.k,
          product.b.offset, product.widthOfB, product.a.offset, product.widthOfA, product.c.offset,
          product.n, &queue, &byteCount
        ).rawValue, "CLBlastSGemmTempBufferSize")
      largest = max(largest, byteCount)
    }
    return largest
  }

  /// If CLBlast needs several launches, the event is that of the last one.
  override func enqueue(
    on queue: Queue, after start: Signal?, _ event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLError) {
    // CLBlast cannot wait for events.
    if let start { try queue.wait(for: start) }
    var queue: cl_command_queue? = queue.handle
    try check(
      CLBlastSgemmWithTempBuffer(
        CLBlastLayoutColMajor, product.transposition(product.transposeB),
        product.transposition(product.transposeA), product.n, product.m, product.k, 1,
        memory.buffer(product.b).handle, product.b.offset, product.widthOfB,
        memory.buffer(product.a).handle, product.a.offset, product.widthOfA, 0,
        memory.buffer(product.c).handle, product.c.offset, product.n, &queue, event,
        memory.scratch.handle
      ).rawValue, "CLBlastSgemmWithTempBuffer")
  }
}

extension LibraryProduct {
  fileprivate var widthOfA: Int { transposeA ? m : k }
  fileprivate var widthOfB: Int { transposeB ? k : n }

  fileprivate func transposition(_ isTransposed: Bool) -> CLBlastTranspose {
    isTransposed ? CLBlastTransposeYes : CLBlastTransposeNo
  }
}
