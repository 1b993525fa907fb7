import Graphs
import Layers
import OpenCLBackend
import Plans
import ReferenceBackend
import TestSupport
import Testing

/// A profile times the launches of a run, and all of them.
@Suite(.serialized) struct ProfileTests {
  /// OpenCL with its own kernels: how a device is asked for times is the same with the others.
  static let backends =
    [TestBackend(description: "reference", make: { ReferenceBackend() })] + TestBackend.native
    + OpenCLTestDevice.all.map(TestBackend.init)

  private func began(_ model: Model, on backend: any Backend) throws -> any Store {
    let store = try SmallModels.store(model, on: backend)
    let schedule = (1...3).map { SmallModels.adam.schedule(step: $0, learningRate: 0.01) }
    try store.begin(.training, step: 0, order: nil, schedule: schedule)
    return store
  }

  @Test(arguments: backends)
  func coversEveryStepOnce(_ backend: TestBackend) throws {
    let made = try backend.make()
    // Launches that are fused otherwise are timed one by one.
    (made as? OpenCLBackend)?.schedule = .oneQueue
    for model in SmallModels.all {
      let plan = try SmallModels.trainingPlan(model, fused: true)
      let store = try began(model, on: made)
      let executable = try store.prepare(plan)
      let times = try executable.profile(runs: 3)
      #expect(times.map(\.step) == Array(plan.steps.indices))
      #expect(times.map(\.launches.count).reduce(0, +) == executable.launchCount)
      for (step, time) in zip(plan.steps, times) {
        // A reshape is the same memory, sums of columns may come with the product that reads them,
        // the gradient of an activation with the loss behind it, and that with the product before.
        let mayCostNothing =
          switch step.op {
          case .reshape, .straightThrough, .columnSum, .activateGradient,
            .reconstructionLossWithGradient:
            true
          default: false
          }
        #expect(mayCostNothing || !time.launches.isEmpty, "\(step.op.operation.name)")
        #expect(time.launches.allSatisfy { $0.seconds >= 0 && $0.seconds.isFinite })
        #expect(time.launches.allSatisfy { !$0.kernel.isEmpty })
      }
      #expect(times.map(\.seconds).reduce(0, +) > 0)
    }
  }

  @Test(arguments: backends)
  func trainsAsRunDoes(_ backend: TestBackend) throws {
    let plan = try SmallModels.trainingPlan(SmallModels.vae, fused: true)
    let (profiled, plain) = (
      try began(SmallModels.vae, on: backend.make()), try began(SmallModels.vae, on: backend.make())
    )
    _ = try profiled.prepare(plan).profile(runs: 3)
    let executable = try plain.prepare(plan)
    for _ in 0..<3 { try executable.run() }
    let before = try SmallModels.store(SmallModels.vae, on: backend.make()).read(.parameters)
    let after = try profiled.read(.parameters)
    #expect(after == (try plain.read(.parameters)) && after != before)
    // Launches that are fused add up a loss in another order.
    let difference = Tolerance(absolute: 0, relative: 1e-6).firstDifference(
      try profiled.losses(.training, rows: 0..<3), try plain.losses(.training, rows: 0..<3))
    #expect(difference == nil)
  }

  /// Allocated bytes are counted, and their maximum.
  @Test(arguments: backends)
  func memoryIsCounted(_ backend: TestBackend) throws {
    let made = try backend.make()
    #expect(made.memory.byteCount == 0)
    let plan = try SmallModels.trainingPlan(SmallModels.images, fused: true)
    do {
      let store = try SmallModels.store(SmallModels.images, on: made)
      let stored = made.memory.byteCount
      let parameters = try SmallModels.layout(SmallModels.images).count
      // Parameters, gradients and two moments of four bytes each at least.
      #expect(stored >= 4 * 4 * parameters)
      let executable = try store.prepare(plan)
      #expect(made.memory.byteCount >= stored + 4 * plan.arenaCount)
      #expect(executable.launchCount > 0)
      try store.finish()
    }
    #expect(made.memory.byteCount == 0)
    #expect(made.memory.peakByteCount > 4 * plan.arenaCount)
  }
}
