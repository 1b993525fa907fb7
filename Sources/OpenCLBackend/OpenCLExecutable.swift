import Graphs
import Plans

/// A plan with created kernels and bound arguments.
final class OpenCLExecutable: Executable {
  let plan: Plan
  let store: OpenCLStore
  /// The plan's tensors, followed by the partial sums of its scalars.
  private let arena: Buffer
  /// The scratch memory of the steps in each queue.
  private let scratches: [Buffer]
  /// Its launches and library calls, bound.
  let steps: [BoundInstruction]
  private let queues: PlanQueues
  /// The description of each of `steps`.
  let launches: [PlannedLaunch]
  let productChoices: [ProductChoice]
  let hosts: [Int: Int]
  let unstored: Set<TensorID>

  convenience init(_ plan: Plan, _ store: OpenCLStore) throws(OpenCLError) {
    try self.init(plan, store, store.backend.launches(of: plan, store.layout))
  }

  /// - Parameter list: the plan's launches.
  init(_ plan: Plan, _ store: OpenCLStore, _ list: LaunchList) throws(OpenCLError) {
    self.plan = list.plan
    self.store = store
    let backend = store.backend
    for node in plan.steps {
      for id in node.inputs + node.outputs {
        let count = plan.graph.shape(id).count
        guard count <= OpenCLBackend.largestElementCount else {
          throw .elementCount(
            of: "a tensor of \(node.op.operation.name)", count: count,
            largest: OpenCLBackend.largestElementCount)
        }
      }
    }
    let arena = try backend.makeBuffer(
      "the arena of \(plan.name)", count: list.arenaCount, fill: 0)
    self.arena = arena
    queues = try PlanQueues(list, backend)
    let library = try LibraryCall.scratchByteCount(list.instructions, backend)
    let (first, aside) = list.scratchCounts
    scratches = try (list.stepsAside.isEmpty ? [first] : [first, aside]).map {
      count throws(OpenCLError) in
      try backend.makeBuffer(
        "the scratch of \(plan.name)", count: max(count, (library + 3) / 4), fill: 0)
    }
    let memories = scratches.map { Memory(arena: arena, scratch: $0, store: store) }
    func memory(_ instruction: Int) -> Memory {
      memories[list.stepsAside.contains(list.labels[instruction].step) ? 1 : 0]
    }
    try backend.build(list.programs, precompiling: Precompilation(list, backend, memory))
    steps = try zip(list.instructions.enumerated(), queues.slots).map {
      (instruction, slot) throws(OpenCLError) -> BoundInstruction in
      let memory = memory(instruction.offset)
      switch instruction.element {
      case .launch(let launch):
        return try BoundLaunch(launch, slot, backend, buffer: memory.buffer)
      case .product(let product): return LibraryCall(product, memory, slot)
      case .exchange(let exchange): return try BoundExchange(exchange, memory, slot)
      }
    }
    launches = zip(list.labels, list.queueOrders().orders).map { label, order in
      PlannedLaunch(
        steps: label.steps, kernels: label.kernels, queue: order.isAside ? 1 : 0)
    }
    hosts = list.hosts
    unstored = list.unstored
    productChoices = plan.steps.compactMap { $0.outputs.first.flatMap { list.products[$0] } }.map {
      ProductChoice($0, by: list.candidate($0))
    }
    for (id, placement) in list.plan.placements {
      guard case .constant(let offset, let value) = placement else { continue }
      try arena.fill(Float(value), at: offset, count: plan.graph.shape(id).count)
    }
  }

  private var waitsForRanks: Bool { steps.contains { $0 is BoundExchange } }

  var isFused: Bool { launches.contains { $0.kernels.count > 1 } }

  func run() throws {
    guard !waitsForRanks else {
      // The other ranks may take longer than a device.
      for step in steps { try step.run() }
      return try queues.end()
    }
    // A queue that is full may wait, too.
    try store.backend.watch.waiting(for: "clEnqueueNDRangeKernel") {
      for step in steps { try step.run() }
      try queues.end()
    }
  }

  /// The launch that is the whole plan and can repeat it.
  private var whole: BoundLaunch? {
    guard steps.count == 1, let launch = steps[0] as? BoundLaunch, launch.isRepeatable else {
      return nil
    }
    return launch
  }

  var runsAtOnce: Int { whole == nil ? 1 : Self.mostRuns }

  /// Some milliseconds at most, so that a training can be interrupted.
  private static let mostRuns = 32

  func run(times: Int) throws {
    guard let whole else { return try (0..<times).forEach { _ in try run() } }
    try store.backend.watch.waiting(for: "clEnqueueNDRangeKernel") {
      try whole.run(times: times)
      try queues.end()
    }
  }

  func read(_ output: TensorID) throws -> [Double] {
    let count = plan.graph.shape(output).count
    let (buffer, offset) = floats(output)
    return try buffer.read(Float.self, at: offset, count: count).map(Double.init)
  }

  func write(_ values: [Double], to input: TensorID) throws {
    let count = plan.graph.shape(input).count
    guard values.count == count else {
      throw OpenCLError.size(
        of: "input \(input) of \(plan.name)", expected: count, received: values.count)
    }
    let (buffer, offset) = floats(input)
    try buffer.write(values.map(Float.init), at: offset)
  }

  func readArena() throws -> [Double] {
    try arena.read(Float.self, count: plan.arenaCount).map(Double.init)
  }

  func writeArena(_ values: [Double]) throws {
    precondition(values.count == plan.arenaCount, "the arena must be written as a whole")
    try arena.write(values.map(Float.init))
  }

  func floats(_ id: TensorID) -> (buffer: Buffer, offset: Int) {
    switch plan.placements[id] {
    case .arena(let offset), .constant(let offset, _), .input(let offset): (arena, offset)
    case .parameters(let offset): (store.parameters, offset)
    case .gradients(let offset): (store.gradients, offset)
    case .state(let offset): (store.layerState, offset)
    case .examples, .order, .labels, nil: preconditionFailure("\(id) has no floats in \(plan.name)")
    }
  }
}

/// The buffers of a plan's places.
struct Memory {
  let arena: Buffer
  let scratch: Buffer
  let store: OpenCLStore

  func buffer(_ place: Place) -> Buffer {
    switch place {
    case .arena: arena
    case .scratch: scratch
    case .parameters: store.parameters
    case .gradients: store.gradients
    case .moment(let index, let phase): store.moments[phase][index]
    case .layerState: store.layerState
    case .examples(let feed): store.feed(feed).examples
    case .order(let feed): store.feed(feed).order
    case .labels(let feed): store.feed(feed).labels
    case .log(let feed): store.feed(feed).log
    case .schedule: store.schedule
    case .state: store.state
    }
  }
}
