import Plans

extension OpenCLExecutable {
  /// Runs on a separate profiling queue; for fused launches, their parts are run one by one.
  func profile(runs: Int) throws -> [StepTime] {
    try store.finish()
    guard !isFused else {
      let list = store.backend.launches(of: plan, store.layout, schedule: .oneQueue)
      let apart = try OpenCLExecutable(plan, store, list)
      for input in plan.inputs.values { try apart.write(read(input), to: input) }
      return try apart.profile(runs: runs)
    }
    let queue = try store.backend.makeProfilingQueue()
    var samples = LaunchSamples(launches.map { ($0.steps[0], $0.kernels[0]) })
    for _ in 0..<runs {
      let events = try steps.map { try $0.run(timedBy: queue) }
      try queue.finish()
      samples.add(try events.map { try $0.seconds() })
    }
    return samples.stepTimes(of: plan)
  }
}
